import { Component, computed, inject, output, signal } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '@mu/shared/api/api';
import { toFailure } from '@mu/shared/api/failure';
import { chooseColour } from '@mu/shared/api/generated/fn/organisation/choose-colour';
import { readBranding } from '@mu/shared/api/generated/fn/organisation/read-branding';
import { removeLogo } from '@mu/shared/api/generated/fn/organisation/remove-logo';
import { sendLogo } from '@mu/shared/api/generated/fn/organisation/send-logo';
import type { BrandingView } from '@mu/shared/api/generated/models';
import { Session } from '@mu/shared/auth/session';
import { failureWords } from '@mu/shared/i18n/catalogue';
import { Icon } from '@mu/shared/ui/icon';
import { Toasts } from '@mu/shared/ui/toasts';

const OURS = '#1f6f5c';

/** The colour and the logo that tenants see on the portal and in letters, with a preview of both. */
@Component({
  selector: 'mu-branding-section',
  imports: [Icon, TranslocoPipe],
  host: { class: 'mt-10 block' },
  template: `
    <h2 id="branding" class="text-base">{{ 'public-face.branding' | transloco }}</h2>
    <p class="text-muted">{{ 'public-face.brandingText' | transloco }}</p>
    <div class="mt-4 grid gap-6 sm:grid-cols-2">
      <div class="flex flex-col gap-5">
        <form (submit)="$event.preventDefault(); saveColour()">
          <label class="mb-1.5 block font-medium" for="own-colour">{{ 'public-face.colour' | transloco }}</label>
          <div class="flex gap-2">
            <input #picker type="color" class="h-11 w-14 shrink-0 rounded-md border border-edge bg-surface p-1" [value]="picked()" [attr.aria-label]="'public-face.pick' | transloco" (input)="typed.set(picker.value)" />
            <input #box id="own-colour" class="mu-field font-mono" autocomplete="off" maxlength="20" [value]="typed() ?? ''" [placeholder]="ours" aria-describedby="own-colour-error own-colour-hint" [attr.aria-invalid]="wrong('colour') !== null" (input)="typed.set(box.value || null)" />
          </div>
          <p id="own-colour-error" class="mt-1.5 text-overdue empty:hidden" role="alert">{{ wrong('colour') }}</p>
          @if (offered(); as colour) {
            <button type="button" class="mu-button mt-1.5" [disabled]="busy()" (click)="take(colour)"><span class="size-4 rounded-sm" [style.background]="colour"></span>{{ 'public-face.useColour' | transloco: { colour } }}</button>
          }
          <p id="own-colour-hint" class="mt-1.5 text-xs text-muted">{{ 'public-face.colourHint' | transloco }}</p>
          <button type="submit" class="mu-button mt-3" [disabled]="busy()" [attr.aria-busy]="busy()">{{ 'public-face.saveColour' | transloco }}</button>
        </form>
        <div>
          <label class="mb-1.5 block font-medium" for="own-logo">{{ 'public-face.logo' | transloco }}</label>
          <input #file id="own-logo" type="file" accept="image/png,image/jpeg,image/webp" class="block w-full text-sm file:mr-3 file:rounded-md file:border file:border-edge file:bg-surface file:px-3 file:py-2 file:text-accent" [disabled]="busy()" aria-describedby="own-logo-error own-logo-hint" (change)="sendFile(file.files?.[0]); file.value = ''" />
          <p id="own-logo-error" class="mt-1.5 text-overdue empty:hidden" role="alert">{{ wrong('logo') }}</p>
          <p id="own-logo-hint" class="mt-1.5 text-xs text-muted">{{ 'public-face.logoHint' | transloco }}</p>
          @if (look()?.logo) { <button type="button" class="mu-button mt-3" [disabled]="busy()" (click)="dropLogo()">{{ 'public-face.removeLogo' | transloco }}</button> }
        </div>
      </div>
      <figure>
        <figcaption class="mb-1.5 text-xs text-muted">{{ 'public-face.preview' | transloco }}</figcaption>
        <div class="overflow-hidden rounded-md border border-hairline bg-[#fff] text-[#1a1a1a]" aria-hidden="true">
          <div class="flex items-center gap-3 border-t-4 px-3 py-2.5" [style.border-color]="shown()">
            @if (look()?.logo; as logo) { <img [src]="logo" alt="" class="h-8 max-w-32 object-contain" /> } @else { <mu-icon name="home" size="24" [style.color]="shown()" /> }
            <span class="min-w-0 truncate font-semibold">{{ organisation()?.name }}</span>
          </div>
          <div class="border-t border-[#1a1a1a1a] px-3 py-4"><span class="inline-block rounded-md px-4 py-2 font-semibold text-[#fff]" [style.background]="shown()">{{ 'public-face.sampleButton' | transloco }}</span></div>
        </div>
      </figure>
    </div>
  `,
})
export class BrandingSection {
  readonly saved = output();

  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly words = inject(TranslocoService);
  private readonly failed = failureWords();
  private readonly fields = signal<Readonly<Record<string, readonly string[]>>>({});

  protected readonly ours = OURS;
  protected readonly organisation = inject(Session).organisation;
  protected readonly look = signal<BrandingView | null>(null);
  protected readonly typed = signal<string | null>(null);
  protected readonly busy = signal(false);
  protected readonly picked = computed(() => asColour(this.typed()) ?? OURS);
  /** The refusal of a colour names one near it that would do. */
  protected readonly offered = computed(() => /#[0-9a-f]{6}/.exec(this.fields()['colour']?.[0] ?? '')?.[0] ?? null);
  /** What the preview shows: what is typed as soon as it is a colour, and the one offered instead of what was refused. */
  protected readonly shown = computed(() => this.offered() ?? this.picked());

  constructor() {
    void this.doing(() => this.api.call(readBranding, {}), null);
  }

  protected wrong(field: string): string | null {
    return this.fields()[field]?.[0] ?? null;
  }

  protected take(colour: string): Promise<void> {
    this.typed.set(colour);
    return this.saveColour();
  }

  protected saveColour(): Promise<void> {
    return this.doing(() => this.api.call(chooseColour, { body: { colour: this.typed() } }), 'colourSaved');
  }

  protected async sendFile(file: File | undefined): Promise<void> {
    if (file) await this.doing(() => this.api.call(sendLogo, { body: file }), 'logoSaved');
  }

  protected dropLogo(): Promise<void> {
    return this.doing(() => this.api.call(removeLogo, {}), 'logoRemoved');
  }

  private async doing(work: () => Promise<BrandingView>, said: string | null): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    this.fields.set({});
    try {
      const look = await work();
      this.look.set(look);
      if (said === null || said === 'colourSaved') this.typed.set(look.colour);
      if (said !== null) {
        this.toasts.show(this.words.translate(`public-face.${said}`));
        this.saved.emit();
      }
    } catch (thrown) {
      const failure = toFailure(thrown);
      this.fields.set(failure.fields);
      if (!Object.keys(failure.fields).length) this.toasts.show(this.failed(failure));
    } finally {
      this.busy.set(false);
    }
  }
}

function asColour(typed: string | null): string | null {
  const found = /^#?([0-9a-f]{6})$/i.exec(typed?.trim() ?? '');
  return found?.[1] ? `#${found[1]}` : null;
}
