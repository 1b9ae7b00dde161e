import { TestBed } from '@angular/core/testing';
import { provideWholeCatalogue } from '@mu/shared/i18n/catalogue';
import { TenantApi } from '../../api/tenant-api';
import words from '../../en.json';
import { FakeApi, NO_NETWORK } from '../../samples';
import { HeardDanger } from './heard-danger';

/** Somebody whose words sounded like gas. */
function asked() {
  const api = new FakeApi();
  TestBed.configureTestingModule({ providers: [provideWholeCatalogue(words), { provide: TenantApi, useValue: api }] });
  const panel = TestBed.createComponent(HeardDanger);
  panel.componentRef.setInput('danger', 'gas_smell');
  panel.componentRef.setInput('nation', 'SCT');
  panel.componentRef.setInput('token', 'token-T-10482');
  const raised = vi.fn();
  panel.componentInstance.raised.subscribe(raised);
  const page = panel.nativeElement as HTMLElement;
  const answer = async (label: string): Promise<void> => {
    [...page.querySelectorAll('button')].find((button) => button.textContent.includes(label))!.click();
    await panel.whenStable();
    panel.detectChanges();
  };
  panel.detectChanges();
  return { api, answer, page, raised };
}

it('raises the alarm for whoever says that it is happening now', async () => {
  const { api, answer, raised } = asked();

  await answer('Yes');

  expect(api.alarms).toEqual(['gas_smell']);
  expect(raised).toHaveBeenCalledOnce();
});

it('says what to do and whom to call although the network does not take it', async () => {
  const { api, answer, page, raised } = asked();
  api.failure = NO_NETWORK;

  await answer('Yes');

  expect(page.textContent).toContain('Not sent yet. Call now.');
  expect(page.textContent).toContain('Open doors and windows');
  expect(page.querySelector('a.mu-action-call')!.getAttribute('href')).toBe('tel:0800111999');
  expect(raised).not.toHaveBeenCalled();

  api.failure = null;
  await answer('Try again');
  expect(raised).toHaveBeenCalledOnce();
});
