import { TestBed } from '@angular/core/testing';
import { CopyLink } from './copy-link';

async function copying(writeText: (text: string) => Promise<void>) {
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const link = TestBed.createComponent(CopyLink);
  for (const [name, value] of Object.entries({ address: 'https://repairs.example.com/tenant/status#token', label: 'Copy', done: 'Copied', refused: 'Copy it yourself:' })) {
    link.componentRef.setInput(name, value);
  }
  const page = link.nativeElement as HTMLElement;
  link.detectChanges();
  page.querySelector('button')!.click();
  await link.whenStable();
  link.detectChanges();
  return page;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it('says that the link is copied', async () => {
  const writeText = vi.fn(() => Promise.resolve());

  const page = await copying(writeText);

  expect(writeText).toHaveBeenCalledWith('https://repairs.example.com/tenant/status#token');
  expect(page.querySelector('button')?.textContent).toContain('Copied');
});

it('says so when the browser refuses, and shows the link to be copied by hand', async () => {
  const page = await copying(() => Promise.reject(new DOMException('Not allowed', 'NotAllowedError')));

  expect(page.querySelector('[role=status]')?.textContent).toContain('Copy it yourself: https://repairs.example.com/tenant/status#token');
  expect(page.querySelector('button')?.textContent).not.toContain('Copied');
});
