import { Component, Injector, type ElementRef, afterNextRender, computed, effect, inject, input, output, signal, untracked, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { HomePicker } from './home-picker';
import { type Home, type Ticket, addressOf } from './ticket';
import { TicketApi } from './ticket-api';

/** Links a report to the home behind an address that was only written down: what it may mean is suggested, anything else is looked for. */
@Component({
  selector: 'mu-home-link',
  imports: [HomePicker, TranslocoPipe],
  host: { class: 'mt-2 flex w-full flex-col items-start gap-2' },
  template: `
    @if (suggestions().length) {
      <p class="text-xs text-muted" id="home-suggestions">{{ 'triage.home.perhaps' | transloco }}</p>
      <ul class="flex w-full flex-col gap-1.5" aria-labelledby="home-suggestions">
        @for (one of suggestions(); track one.home.unitId) {
          <li>
            <button type="button" class="flex min-h-11 w-full flex-col items-start justify-center rounded-md border border-hairline px-3 py-1.5 text-left hover:border-edge hover:bg-hover" (click)="choose(one.home)">
              <span class="sr-only">{{ 'triage.home.linkTo' | transloco }}</span><span>{{ one.address }}</span>
              @if (one.people) { <span class="text-xs text-muted"><bdi>{{ one.people }}</bdi></span> }
            </button>
          </li>
        }
      </ul>
    }
    @if (looking()) {
      <label class="text-xs text-muted" [for]="fieldId()">{{ 'triage.home.label' | transloco }}</label>
      <mu-home-picker class="w-full" eager [inputId]="fieldId()" [label]="'triage.home.label' | transloco" hint="tickets.homePicker.short" describedBy="home-link-hint" (chosen)="choose($event)" (dismissed)="stop()" />
      <p id="home-link-hint" class="text-xs text-muted">{{ 'tickets.homePicker.placeholder' | transloco }}</p>
      <button type="button" class="mu-button" (click)="stop()">{{ 'triage.home.cancel' | transloco }}</button>
    } @else {
      <button #begin type="button" class="mu-button" (click)="looking.set(true)">{{ (suggestions().length ? 'triage.home.other' : 'triage.home.link') | transloco }}</button>
    }
  `,
})
export class HomeLink {
  readonly ticket = input.required<Ticket>();
  readonly chosen = output<Home>();

  private readonly api = inject(TicketApi);
  private readonly injector = inject(Injector);
  private readonly begin = viewChild<ElementRef<HTMLElement>>('begin');
  private readonly homes = signal<readonly Home[]>([]);
  private readonly id = computed(() => this.ticket().id);

  protected readonly looking = signal(false);
  protected readonly fieldId = computed(() => `home-of-${this.id()}`);
  protected readonly suggestions = computed(() => this.homes().map((home) => ({
    home,
    address: addressOf(home),
    people: home.tenancy?.people.map(({ name }) => name).join(', ') ?? '',
  })));

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => {
        this.looking.set(false);
        void this.suggest(id);
      });
    });
  }

  protected choose(home: Home): void {
    this.looking.set(false);
    this.chosen.emit(home);
  }

  /** Leaves the home unknown; the keyboard goes on from where it began. */
  protected stop(): void {
    this.looking.set(false);
    afterNextRender(() => { this.begin()?.nativeElement.focus(); }, { injector: this.injector });
  }

  /** Without a suggestion the home can still be looked for. */
  private async suggest(id: string): Promise<void> {
    this.homes.set([]);
    const homes = await this.api.homesLike(id).catch(() => []);
    if (id === this.id()) this.homes.set(homes);
  }
}
