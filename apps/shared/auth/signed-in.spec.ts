import { wantedPage } from './signed-in';

describe('the page that was wanted', () => {
  it('is kept', () => {
    expect(wantedPage('/tickets?status=new&q=boiler')).toBe('/tickets?status=new&q=boiler');
  });

  it.each([null, '', 'tickets', '//evil.example.com', '/\\evil.example.com', 'https://evil.example.com', 'javascript:alert(1)'])(
    'is the first page for %j',
    (to) => {
      expect(wantedPage(to)).toBe('/');
    },
  );
});
