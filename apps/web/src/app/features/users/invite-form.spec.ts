import { TestBed } from '@angular/core/testing';
import { Api } from '@mu/shared/api/api';
import { ApiFailure } from '@mu/shared/api/failure';
import type { RoleView } from '@mu/shared/api/generated/models';
import { provideCatalogue } from '@mu/shared/i18n/catalogue';
import users from './en.json';
import { InviteForm } from './invite-form';

describe('An invitation', () => {
  it('does not say that there is no landlord when nobody knows, and asks again', async () => {
    HTMLDialogElement.prototype.showModal = function () { this.open = true; };
    const refusals = [new ApiFailure('unreachable', '', 0)];
    const call = (): Promise<unknown> => {
      const refusal = refusals.shift();
      return refusal ? Promise.reject(refusal) : Promise.resolve({ items: [{ id: 'a', name: 'Ackroyd Estates Ltd' }] });
    };
    TestBed.configureTestingModule({ providers: [provideCatalogue({ users }), { provide: Api, useValue: { call } }] });
    const fixture = TestBed.createComponent(InviteForm);
    const role: RoleView = { id: 'l', name: 'Landlord', client: 'staff', actsFor: 'landlord', scopes: ['portfolio'], grants: [], isBuiltIn: true, isAssignable: true, holders: 0, version: 1 };
    fixture.componentRef.setInput('roles', [role]);
    const page = fixture.nativeElement as HTMLElement;
    await fixture.whenStable();
    await fixture.whenStable();

    expect(page.textContent).not.toContain(users.noSubject.landlord);
    expect(page.textContent).toContain(users.subjectsFailed);
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.includes('Try again'))!.click();
    await fixture.whenStable();
    await fixture.whenStable();

    expect(page.querySelector('#invite-subject')!.textContent).toContain('Ackroyd Estates Ltd');
  });
});
