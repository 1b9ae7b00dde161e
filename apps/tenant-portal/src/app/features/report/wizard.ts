import { Injectable, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import { Pickers } from '../../api/pickers';
import { type Draft, OTHER, faultOf, reachable, stepsOf } from '../../draft/draft';
import { Drafts } from '../../draft/drafts';

/** One report's way from question to question. Every answer is kept before the next page opens. */
@Injectable()
export class Wizard {
  private readonly drafts = inject(Drafts);
  private readonly pickers = inject(Pickers);
  private readonly router = inject(Router);
  private readonly words = inject(TranslocoService);

  readonly link = signal('');
  readonly step = signal('');
  readonly draft = this.drafts.current;
  readonly picker = this.pickers.picker;
  readonly room = computed(() => this.picker()?.rooms.find(({ key }) => key === this.draft()?.room) ?? null);
  readonly fault = computed(() => {
    const draft = this.draft();
    return draft ? faultOf(draft, this.picker()) : null;
  });
  readonly steps = computed(() => stepsOf(this.fault()));
  readonly back = computed(() => this.place(this.steps()[this.steps().indexOf(this.step()) - 1] ?? 'danger'));
  readonly progress = computed(() => {
    const questions = this.steps().length - 1; // the last page asks nothing new
    const number = this.steps().indexOf(this.step()) + 1;
    // How many there are depends on the fault.
    if (!this.draft()?.fault) return this.words.translate('report.progressOpen', { number });
    return number > questions ? '' : this.words.translate('report.progress', { number, questions });
  });
  /** Advice on the fault, on the first page after it was chosen. */
  readonly advice = computed(() => (this.steps().indexOf(this.step()) === 3 ? (this.fault()?.advice ?? []) : []));

  async open(link: string, step: string): Promise<void> {
    this.link.set(link);
    const draft = await this.drafts.of(link);
    await this.pickers.open();
    const possible = reachable(step, draft, this.fault());
    if (possible !== step) {
      await this.router.navigate(this.place(possible), { replaceUrl: true });
      return;
    }
    this.step.set(step);
    await this.drafts.change(draft.submissionKey, { step });
  }

  async change(change: Partial<Draft>): Promise<void> {
    const draft = this.draft();
    if (draft) await this.drafts.change(draft.submissionKey, change);
  }

  /** Keeps the answer and asks the next question. */
  async answer(change: Partial<Draft> = {}): Promise<void> {
    await this.change(change);
    const steps = this.steps();
    await this.router.navigate(this.place(steps[steps.indexOf(this.step()) + 1] ?? 'check'));
  }

  chooseRoom(room: string): Promise<void> {
    const same = this.draft()?.room === room;
    return this.answer(same ? {} : { room, fault: null, answers: {}, title: null });
  }

  chooseFault(fault: string): Promise<void> {
    const room = this.room();
    const chosen = room?.faults.find(({ key }) => key === fault);
    const title = chosen && room ? `${chosen.name} (${room.name})` : null;
    const same = this.draft()?.fault === fault;
    return this.answer(same ? {} : { fault, title, answers: {} });
  }

  /** Without pictures the repair is told in words alone. */
  async withoutPictures(): Promise<void> {
    await this.change({ room: this.draft()?.room ?? OTHER, fault: OTHER, answers: {}, title: null });
    await this.router.navigate(this.place('words'));
  }

  place(step: string): string[] {
    return ['/h', this.link(), step];
  }
}
