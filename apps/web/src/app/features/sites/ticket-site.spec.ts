import { TestBed } from '@angular/core/testing';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import { TicketSite } from './ticket-site';

describe("What is to be known of a ticket's place", () => {
  it('is not passed over in silence when it could not be loaded', async () => {
    const refusals = [new ApiFailure('unreachable', '', 0)];
    const hints = [{ id: 'h', kind: 'asbestos_present', text: 'Artex ceilings, hall.', isAlert: true }];
    const call = (): Promise<unknown> => (refusals.length ? Promise.reject(refusals.shift()!) : Promise.resolve({ hints, instructions: [], warranties: [] }));
    TestBed.configureTestingModule({ providers: [provideCatalogue({}), { provide: Api, useValue: { call } }] });
    const fixture = TestBed.createComponent(TicketSite);
    fixture.componentRef.setInput('ticketId', 't');
    fixture.componentRef.setInput('propertyId', 'p');
    await fixture.whenStable();
    await fixture.whenStable();
    const page = fixture.nativeElement as HTMLElement;

    expect(page.querySelector('[role=alert]')!.textContent).toContain('asbestos');
    page.querySelector('button')!.click();
    await fixture.whenStable();
    await fixture.whenStable();

    expect(page.textContent).toContain('Artex ceilings, hall.');
    expect(page.querySelector('[role=alert]')).toBeNull();
  });
});
