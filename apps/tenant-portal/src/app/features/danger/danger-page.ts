import { Component, afterNextRender, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from '@mu/shared/ui/icon';
import { ICONS, type IconName } from '@mu/icons';
import { DANGERS, Homes } from '../../api/homes';
import { Pickers } from '../../api/pickers';
import { type Draft, NO_DANGER, begun, inDanger } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';
import { Sending } from '../../draft/sending';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { Photos } from '../../photos/photos';

/** The first question of all. It waits for nothing: its words come with the page. */
@Component({
  selector: 'mu-danger-page',
  imports: [Icon, Page, Problem, RouterLink, TranslocoPipe],
  templateUrl: './danger-page.html',
})
export class DangerPage {
  readonly link = input.required<string>();

  protected readonly homes = inject(Homes);
  protected readonly dangers = DANGERS;
  protected readonly noDanger = NO_DANGER;
  private readonly drafts = inject(Drafts);
  private readonly photos = inject(Photos);
  private readonly sending = inject(Sending);
  private readonly router = inject(Router);
  protected readonly unfinished = computed(() => {
    const draft = this.drafts.current();
    return draft && begun(draft) ? draft : null;
  });
  protected readonly waiting = computed(() => this.drafts.queued().find(({ link }) => link === this.link()) ?? null);

  /** Written with another code, which may have been mistyped or replaced. */
  protected readonly elsewhere = computed(() => {
    if (!this.homes.home()?.home || this.unfinished()) return null;
    return this.drafts.all().find((draft) => draft.link !== this.link() && (begun(draft) || draft.state === 'queued') && !inDanger(draft)) ?? null;
  });

  constructor() {
    const pickers = inject(Pickers);
    effect(() => {
      void this.homes.open(this.link());
      void this.drafts.of(this.link());
      void pickers.open();
    });
    // The next questions are there before they are asked for, and without a network too.
    afterNextRender(() => {
      Promise.all([import('../advice/advice-page'), import('../report/routes')]).catch(() => undefined);
    });
  }

  protected async choose(danger: string): Promise<void> {
    if (danger === NO_DANGER) {
      const { submissionKey } = await this.drafts.of(this.link());
      await this.drafts.change(submissionKey, { danger });
      await this.router.navigate(['/h', this.link(), 'where']);
      return;
    }
    // What to do stands there at once; telling the landlord goes on behind it.
    const { submissionKey, state } = await this.drafts.alarm(this.link(), danger);
    if (state !== 'sent') void this.sending.send(submissionKey);
    await this.router.navigate(['/h', this.link(), 'now', danger]);
  }

  protected async bringHere({ submissionKey, step }: Draft): Promise<void> {
    const empty = this.drafts.current();
    if (empty) await this.drafts.remove(empty.submissionKey);
    await this.drafts.change(submissionKey, { link: this.link(), state: 'writing' });
    await this.router.navigate(['/h', this.link(), step]);
  }

  protected async discard({ submissionKey }: Draft): Promise<void> {
    await this.photos.removeOf(submissionKey);
    await this.drafts.remove(submissionKey);
    await this.drafts.of(this.link());
  }

  protected pictureOf(danger: string): IconName {
    return danger in ICONS ? (danger as IconName) : 'alert';
  }

  protected placeOf(draft: Draft): string[] {
    return inDanger(draft) ? ['/h', this.link(), 'now', draft.danger ?? ''] : ['/h', this.link(), 'sent'];
  }
}
