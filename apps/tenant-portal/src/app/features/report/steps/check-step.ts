import { Component, computed, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { LONGEST_WORDS, OTHER, lengthOf } from '../../../draft/draft';
import { Sending } from '../../../draft/sending';
import { Problem } from '../../../layouts/problem';
import { Photos } from '../../../photos/photos';
import { Wizard } from '../wizard';

interface Row {
  readonly step: string;
  readonly words: string;
  readonly lines: readonly string[];
}

/** Everything at a glance, each with a way back to it; then it is sent. */
@Component({
  selector: 'mu-check-step',
  imports: [Problem, RouterLink, TranslocoPipe],
  templateUrl: './check-step.html',
})
export class CheckStep {
  protected readonly wizard = inject(Wizard);
  private readonly photos = inject(Photos);
  private readonly sending = inject(Sending);
  private readonly router = inject(Router);
  private readonly words = inject(TranslocoService);
  protected readonly busy = signal(false);

  protected readonly refused = computed(() => {
    const fare = this.sending.fares()[this.wizard.draft()?.submissionKey ?? ''];
    return fare?.state === 'refused' ? fare.failure : null;
  });
  protected readonly rows = computed<readonly Row[]>(() => {
    const draft = this.wizard.draft();
    if (!draft) return [];
    const photos = this.photos.of(draft.submissionKey).length;
    return [
      { step: 'where', words: 'report.rows.where', lines: given(this.wizard.room()?.name) },
      { step: 'what', words: 'report.rows.what', lines: given(this.wizard.fault()?.name ?? (draft.fault === OTHER ? this.say('report.somethingElse') : '')) },
      ...this.asked(draft.answers),
      { step: 'words', words: 'report.rows.words', lines: given(draft.words.trim()) },
      { step: 'photos', words: 'report.rows.photos', lines: given(photos ? this.say('report.photoCount', { count: photos }) : '') },
      {
        step: 'access',
        words: 'report.rows.access',
        lines: [
          ...given(draft.mayEnterWithoutMe === null ? '' : this.say(draft.mayEnterWithoutMe ? 'report.enterYes' : 'report.enterNo')),
          ...draft.times.map((time) => this.say(`report.times.${time}`)),
          ...given(draft.accessNotes.trim()),
        ],
      },
      { step: 'contact', words: 'report.rows.contact', lines: [draft.name, draft.email, draft.phone].flatMap((one) => given(one.trim())) },
    ];
  });

  protected async send(): Promise<void> {
    const draft = this.wizard.draft();
    if (!draft || this.busy()) return;
    const wordsMissing = (draft.fault === OTHER && !draft.words.trim()) || lengthOf(draft.words) > LONGEST_WORDS;
    if (wordsMissing) {
      await this.router.navigate(this.wizard.place('words'));
      return;
    }
    this.busy.set(true);
    void this.sending.send(draft.submissionKey);
    await this.router.navigate(this.wizard.place('sent'));
  }

  private asked(answers: Readonly<Record<string, string>>): Row[] {
    const questions = this.wizard.fault()?.questions ?? [];
    if (!questions.length) return [];
    const lines = questions.map(({ key, text, options }) => {
      const answer = answers[key] ?? 'unknown';
      const known = options.find((option) => option.key === answer)?.text;
      const plain: Record<string, string> = { yes: 'report.yes', no: 'report.no', unknown: 'report.dontKnow' };
      return `${text} ${known ?? (plain[answer] ? this.say(plain[answer]) : answer)}`;
    });
    return [{ step: `ask-${questions[0]?.key ?? ''}`, words: 'report.rows.answers', lines }];
  }

  private say(key: string, names?: Record<string, unknown>): string {
    return this.words.translate(key, names);
  }
}

function given(text: string | undefined): string[] {
  return text ? [text] : [];
}
