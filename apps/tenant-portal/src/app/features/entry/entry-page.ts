import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { readCode } from '../../api/code';
import { TenantApi } from '../../api/tenant-api';
import { begun, isEmail } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';

/** The way in for those who have no link at hand: the poster's code, or a link by e-mail. */
@Component({
  selector: 'mu-entry-page',
  imports: [Page, Problem, RouterLink, TranslocoPipe],
  templateUrl: './entry-page.html',
})
export class EntryPage {
  private readonly api = inject(TenantApi);
  private readonly router = inject(Router);
  private readonly drafts = inject(Drafts);
  protected readonly badCode = signal(false);
  protected readonly badEmail = signal(false);
  protected readonly busy = signal(false);
  protected readonly asked = signal('');
  protected readonly failure = signal<unknown>(null);
  protected readonly unfinished = computed(() => this.drafts.all().find((draft) => begun(draft) || draft.state === 'queued') ?? null);

  protected enter(submit: Event, typed: string): void {
    submit.preventDefault();
    const code = readCode(typed);
    this.badCode.set(code === null);
    if (code) void this.router.navigate(['/h', code, 'danger']);
  }

  /** Known or not, the answer is the same. */
  protected async ask(submit: Event): Promise<void> {
    submit.preventDefault();
    const typed = new FormData(submit.target as HTMLFormElement).get('email');
    const email = typeof typed === 'string' ? typed.trim() : '';
    this.badEmail.set(!isEmail(email));
    if (this.badEmail() || this.busy()) return;
    this.busy.set(true);
    this.failure.set(null);
    try {
      await this.api.sendEntryLink(email);
      this.asked.set(email);
    } catch (failure) {
      this.failure.set(failure);
    } finally {
      this.busy.set(false);
    }
  }
}
