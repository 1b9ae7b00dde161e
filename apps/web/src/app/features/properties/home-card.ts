import { Component, computed, effect, inject, input, output, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { MemberView, PropertyView, TenancyView, UnitView } from '@mu/shared/api/generated/models';
import { toFailure } from '@mu/shared/api/failure';
import { Called } from '@mu/shared/i18n/called';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Session } from '@mu/shared/auth/session';
import { Icon } from '@mu/shared/ui/icon';
import { Now } from '@mu/shared/ui/now';
import type { RecordForm } from '@mu/shared/ui/record-form';
import { Skeleton } from '@mu/shared/ui/skeleton';
import { day } from '@mu/shared/ui/when';
import { PropertyApi } from './property-api';
import { PropertyFinds } from './property-finds';
import { changedTenancy, departure, endOfTenancy, newMember, newTenancy, rightEndOfTenancy } from './property-forms';

/** One home: who lives in it now, who did before, and what can be done about it. Its history is asked for when unfolded. */
@Component({
  selector: 'mu-home-card',
  imports: [Called, Icon, RouterLink, Skeleton, TranslocoPipe],
  host: { class: 'block rounded-md border border-hairline' },
  template: `
    @let home = unit();
    <button type="button" class="flex min-h-12 w-full items-center gap-3 rounded-md px-3.5 py-2 text-left hover:bg-hover" [attr.aria-expanded]="unfolded()" (click)="toggle()">
      <mu-icon name="home" size="16" class="text-muted" />
      <span class="min-w-0 flex-1">
        <span class="block font-medium">{{ home.label || ('properties.unit.whole' | transloco) }}</span>
        <span class="block truncate text-xs text-muted">{{ people() || ((home.tenancy ? 'properties.unit.let' : 'properties.unit.vacant') | transloco) }}</span>
      </span>
      <mu-icon name="chevron-down" size="16" class="text-muted transition-transform" [class.rotate-180]="unfolded()" />
    </button>
    @if (unfolded()) {
      <div class="flex flex-col gap-4 border-t border-hairline px-3.5 py-3">
        <p class="flex flex-wrap gap-x-4 gap-y-1">
          <a class="text-accent hover:underline" [routerLink]="['/homes', home.id, 'poster']">{{ 'properties.unit.poster' | transloco }}</a>
          @if (mayWrite()) { <button type="button" class="text-accent hover:underline" (click)="edited.emit()">{{ 'properties.unit.change' | transloco }}</button> }
          @if (home.uprn) { <span class="text-muted tabular-nums">{{ 'properties.unit.uprn' | transloco: { uprn: home.uprn } }}</span> }
          @if (home.externalReference) { <span class="font-mono text-muted">{{ home.externalReference }}</span> }
        </p>
        @if (failure(); as words) { <p class="text-overdue" role="alert">{{ words }}</p> }
        @if (tenancies(); as all) {
          @for (tenancy of all; track tenancy.id) {
            <section class="flex flex-col gap-2" [class.text-muted]="tenancy.endedOn">
              <h3 class="flex flex-wrap items-baseline gap-x-2">
                {{ (tenancy.kind ? 'properties.tenancyKind.' + tenancy.kind : 'properties.tenancy.title') | transloco }}
                <span class="font-normal text-muted">{{ span(tenancy) }}</span>
                @if (tenancy.externalReference) { <span class="font-mono text-xs font-normal text-muted">{{ tenancy.externalReference }}</span> }
              </h3>
              <ul class="flex flex-col">
                @for (member of tenancy.members; track member.id) {
                  <li class="flex min-h-9 items-center gap-2.5">
                    <mu-icon name="user" size="16" class="text-muted" />
                    <a class="min-w-0 text-accent hover:underline" [routerLink]="['/people', member.person.id]">{{ member.person.name | called }}</a>
                    <span class="text-xs text-muted">{{ member.movedOutOn ? ('properties.tenancy.left' | transloco: { day: on(member.movedOutOn) }) : ('properties.role.' + member.role | transloco) }}</span>
                    <span class="flex-1"></span>
                    @if (mayLet() && !tenancy.endedOn && !member.movedOutOn && tenancy.members.length > 1) {
                      <button type="button" class="text-xs text-accent hover:underline" [attr.aria-label]="'properties.tenancy.moveOutOf' | transloco: { name: member.person.name }" (click)="formWanted.emit(leaving(tenancy, member))">{{ 'properties.tenancy.moveOut' | transloco }}</button>
                    }
                  </li>
                }
              </ul>
              @if (mayLet() && !tenancy.endedOn) {
                <p class="flex flex-wrap gap-2">
                  <button type="button" class="mu-button" (click)="formWanted.emit(moving(tenancy))"><mu-icon name="user-plus" size="16" />{{ 'properties.tenancy.moveIn' | transloco }}</button>
                  <button type="button" class="mu-button" (click)="formWanted.emit(changing(tenancy))"><mu-icon name="edit" size="16" />{{ 'properties.tenancy.change' | transloco }}</button>
                  <button type="button" class="mu-button" (click)="formWanted.emit(ending(tenancy))">{{ 'properties.tenancy.end' | transloco }}</button>
                </p>
              } @else if (mayLet()) {
                <p><button type="button" class="text-xs text-accent hover:underline" [attr.aria-label]="'properties.tenancy.rightEndOf' | transloco: { span: span(tenancy) }" (click)="formWanted.emit(righting(tenancy))">{{ 'properties.tenancy.rightEnd' | transloco }}</button></p>
              }
            </section>
          } @empty {
            <p class="text-muted">{{ 'properties.tenancy.none' | transloco }}</p>
          }
          @if (mayLet() && !home.tenancy) { <div><button type="button" class="mu-button" (click)="formWanted.emit(letting())"><mu-icon name="user-plus" size="16" />{{ 'properties.tenancy.begin' | transloco }}</button></div> }
        } @else if (!failure()) {
          <mu-skeleton width="50%" /><mu-skeleton width="70%" />
        }
      </div>
    }
  `,
})
export class HomeCard {
  readonly unit = input.required<UnitView>();
  readonly property = input.required<PropertyView>();
  /** The only home of its property is unfolded from the beginning. */
  readonly alone = input(false);
  readonly edited = output();
  readonly formWanted = output<RecordForm>();

  private readonly api = inject(PropertyApi);
  private readonly finds = inject(PropertyFinds);
  private readonly session = inject(Session);
  private readonly now = inject(Now);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();

  private readonly asked = signal<boolean | null>(null);
  protected readonly unfolded = computed(() => this.asked() ?? this.alone());
  protected readonly tenancies = signal<readonly TenancyView[] | null>(null);
  protected readonly failure = signal<string | null>(null);
  protected readonly mayWrite = computed(() => this.session.can('properties:write'));
  protected readonly mayLet = computed(() => this.session.can('tenancies:write'));
  protected readonly people = computed(() => this.unit().tenancy?.people.map(({ name }) => name).join(', ') ?? '');

  constructor() {
    effect(() => {
      const id = this.unit().id;
      if (this.unfolded()) void untracked(() => this.load(id));
    });
  }

  protected toggle(): void {
    this.asked.set(!this.unfolded());
  }

  protected on(date: string): string {
    return day(date, this.now.at());
  }

  protected span({ startedOn, endedOn }: TenancyView): string {
    return endedOn ? `${this.on(startedOn)} – ${this.on(endedOn)}` : this.words.translate(Date.parse(startedOn) > this.now.at().getTime() ? 'properties.tenancy.from' : 'properties.tenancy.since', { day: this.on(startedOn) });
  }

  protected letting(): RecordForm {
    return newTenancy(this.api, this.finds, this.unit().id, this.property().nation);
  }

  protected changing(tenancy: TenancyView): RecordForm {
    return changedTenancy(this.api, tenancy, this.property().nation);
  }

  protected ending(tenancy: TenancyView): RecordForm {
    return endOfTenancy(this.api, tenancy);
  }

  protected righting(tenancy: TenancyView): RecordForm {
    return rightEndOfTenancy(this.api, tenancy);
  }

  protected moving(tenancy: TenancyView): RecordForm {
    return newMember(this.api, this.finds, tenancy);
  }

  protected leaving(tenancy: TenancyView, member: MemberView): RecordForm {
    return departure(this.api, tenancy, member);
  }

  private async load(id: string): Promise<void> {
    this.failure.set(null);
    try {
      this.tenancies.set(await this.api.tenancies(id));
    } catch (thrown) {
      this.failure.set(this.failed(toFailure(thrown)));
    }
  }
}
