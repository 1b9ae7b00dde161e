import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { Homes } from '../../api/homes';
import { Keep } from '../../draft/keep';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { AccessStep } from './steps/access-step';
import { AskStep } from './steps/ask-step';
import { CheckStep } from './steps/check-step';
import { ContactStep } from './steps/contact-step';
import { PhotosStep } from './steps/photos-step';
import { WhatStep } from './steps/what-step';
import { WhereStep } from './steps/where-step';
import { WordsStep } from './steps/words-step';
import { Wizard } from './wizard';

const ASK = 'ask-';

/** One question a page; the address says which. */
@Component({
  selector: 'mu-step-page',
  imports: [AccessStep, AskStep, CheckStep, ContactStep, Page, PhotosStep, Problem, Skeleton, TranslocoPipe, WhatStep, WhereStep, WordsStep],
  providers: [Wizard],
  template: `
    <mu-page [heading]="heading()" [back]="wizard.back()" [progress]="wizard.progress()">
      @if (homes.failure(); as failure) {
        <mu-problem class="mb-4" [failure]="failure" />
      }
      @if (forgetful()) {
        <p class="mu-panel mu-panel-warn mb-4">{{ 'report.forgetful' | transloco }}</p>
      }
      @if (wizard.advice().length) {
        <section class="mu-panel mu-panel-warn mb-4">
          <h2 class="text-base">{{ 'report.advice' | transloco }}</h2>
          <ul class="mu-advice">
            @for (sentence of wizard.advice(); track sentence) {
              <li>{{ sentence }}</li>
            }
          </ul>
        </section>
      }
      @switch (kind()) {
        @case ('where') {
          <mu-where-step />
        }
        @case ('what') {
          <mu-what-step />
        }
        @case ('ask') {
          @if (question(); as question) {
            <mu-ask-step [question]="question" />
          }
        }
        @case ('words') {
          <mu-words-step />
        }
        @case ('photos') {
          <mu-photos-step />
        }
        @case ('access') {
          <mu-access-step />
        }
        @case ('contact') {
          <mu-contact-step />
        }
        @case ('check') {
          <mu-check-step />
        }
        @default {
          <div aria-busy="true" [attr.aria-label]="'page.loading' | transloco" role="status" class="flex flex-col gap-3">
            @for (line of [1, 2, 3, 4]; track line) {
              <mu-skeleton height="3.5rem" />
            }
          </div>
        }
      }
    </mu-page>
  `,
})
export class StepPage {
  readonly link = input.required<string>();
  readonly step = input.required<string>();

  protected readonly wizard = inject(Wizard);
  protected readonly homes = inject(Homes);
  private readonly words = inject(TranslocoService);
  /** A private window, say. */
  protected readonly forgetful = signal(false);
  protected readonly kind = computed(() => (this.wizard.step().startsWith(ASK) ? 'ask' : this.wizard.step()));
  protected readonly question = computed(() => {
    const key = this.wizard.step().slice(ASK.length);
    return this.wizard.fault()?.questions.find((question) => question.key === key) ?? null;
  });
  protected readonly heading = computed(() => {
    if (this.kind() === 'ask') return this.question()?.text ?? '';
    return this.words.translate(`report.headings.${this.kind() || this.step()}`);
  });

  constructor() {
    void inject(Keep)
      .lasting()
      .then((lasting) => {
        this.forgetful.set(!lasting);
      });
    effect(() => {
      const [link, step] = [this.link(), this.step()];
      untracked(() => {
        void this.homes.open(link);
        void this.wizard.open(link, step);
      });
    });
  }
}
