import { Component, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ApiFailure } from '@mu/shared/api/failure';
import { knownWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { comesRight } from '../../api/comes-right';
import { Homes } from '../../api/homes';
import type { OwnReport } from '../../api/shapes';
import { TenantApi, VISIT } from '../../api/tenant-api';
import { toFailure } from '../../api/thrown';
import { Drafts } from '../../draft/drafts';
import { Keep } from '../../draft/keep';
import { unsentWords } from '../../draft/sweep';
import { Page } from '../../layouts/page';
import { Problem } from '../../layouts/problem';
import { Photos } from '../../photos/photos';

/** The own reports of somebody who came by an e-mailed link. */
@Component({
  selector: 'mu-mine-page',
  imports: [Icon, Page, Problem, RouterLink, Skeleton, TranslocoPipe],
  template: `
    <mu-page [heading]="'entry.mineHeading' | transloco">
      @if (failure(); as failure) {
        <mu-problem class="mb-4" [failure]="failure" [again]="mends(failure)" (retry)="read()" />
        <a [class]="mends(failure) ? 'mu-link' : 'mu-action'" routerLink="/">{{ 'entry.newLink' | transloco }}</a>
      } @else if (reports(); as reports) {
        <a class="mu-action mb-5 w-full" [routerLink]="['/h', visit, 'danger']">{{ 'entry.report' | transloco }}</a>
        <ul class="flex flex-col gap-3">
          @for (report of reports; track report.reference) {
            <li>
              <a class="mu-choice" routerLink="/status" [fragment]="report.statusToken">
                <span class="min-w-0 flex-1">
                  <span class="font-mono text-muted">{{ report.reference }}</span>
                  <span class="block" dir="auto">{{ report.title }}</span>
                  @if (stageOf(report.stage); as stage) {
                    <span class="block font-normal text-muted">{{ stage }}</span>
                  }
                </span>
                <mu-icon class="rtl:rotate-180" name="chevron-right" size="20" />
              </a>
            </li>
          } @empty {
            <li class="text-muted">{{ 'entry.mineEmpty' | transloco }}</li>
          }
        </ul>
        <button type="button" class="mu-link mt-5" (click)="leave()">{{ 'entry.leave' | transloco }}</button>
      } @else {
        <div aria-busy="true" role="status" [attr.aria-label]="'page.loading' | transloco" class="flex flex-col gap-3">
          @for (line of [1, 2, 3]; track line) {
            <mu-skeleton height="4.5rem" />
          }
        </div>
      }
    </mu-page>
  `,
})
export class MinePage {
  private readonly api = inject(TenantApi);
  private readonly router = inject(Router);
  private readonly homes = inject(Homes);
  private readonly drafts = inject(Drafts);
  private readonly keep = inject(Keep);
  private readonly photos = inject(Photos);
  private readonly words = knownWords();
  protected readonly visit = VISIT;
  protected readonly reports = signal<readonly OwnReport[] | null>(null);
  protected readonly failure = signal<ApiFailure | null>(null);
  /** Whether it helps to try again. */
  protected readonly mends = comesRight;

  constructor() {
    void this.homes.open(VISIT);
    void this.read();
  }

  protected async read(): Promise<void> {
    this.failure.set(null);
    try {
      this.reports.set(await this.api.ownReports());
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    }
  }

  protected stageOf(stage: string): string {
    return this.words(`entry.stages.${stage}`) ?? '';
  }

  protected async leave(): Promise<void> {
    try {
      await this.api.leave();
      await this.homes.forget(VISIT);
      for (const report of await this.drafts.forget(VISIT)) await this.photos.removeOf(report);
      for (const { statusToken } of this.reports() ?? []) await this.keep.remove('kept', unsentWords(statusToken));
      await this.router.navigate(['/']);
    } catch (thrown) {
      this.failure.set(toFailure(thrown));
    }
  }
}
