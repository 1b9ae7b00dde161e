import { type ElementRef, Component, afterNextRender, computed, inject, output, viewChild } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { Icon } from './icon';
import { type Shortcut, Shortcuts } from './shortcuts';

/** Every key that works on this screen. */
@Component({
  selector: 'mu-shortcut-help',
  imports: [Icon, TranslocoPipe],
  template: `
    <dialog #dialog class="w-[min(30rem,calc(100vw-1.5rem))]" aria-labelledby="shortcut-help" (close)="closed.emit()" closedby="any">
      <div class="p-5">
        <header class="mb-3 flex items-center justify-between">
          <h2 id="shortcut-help" class="text-base">{{ 'ui.shortcuts' | transloco }}</h2>
          <button type="button" class="grid size-8 place-items-center rounded-sm text-muted hover:bg-hover hover:text-ink" [attr.aria-label]="'ui.close' | transloco" (click)="dialog.close()">
            <mu-icon name="close" />
          </button>
        </header>
        @for (group of groups(); track group.name) {
          <h3 class="mt-4 mb-1 text-xs text-muted">{{ group.name | transloco }}</h3>
          <dl>
            @for (shortcut of group.shortcuts; track shortcut.keys) {
              <div class="flex items-center justify-between border-b border-hairline py-2 last:border-0">
                <dt>{{ shortcut.words | transloco }}</dt>
                <dd class="flex items-center gap-1">
                  @for (key of keysOf(shortcut); track $index) {
                    @if ($index && shortcut.keys.includes(' ')) { <span class="text-xs text-muted">{{ 'ui.then' | transloco }}</span> }
                    <kbd>{{ key }}</kbd>
                  }
                </dd>
              </div>
            }
          </dl>
        }
      </div>
    </dialog>
  `,
})
export class ShortcutHelp {
  readonly closed = output();

  private readonly shortcuts = inject(Shortcuts);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly groups = computed(() => {
    const active = this.shortcuts.all().filter(({ when }) => when?.() ?? true);
    const names = [...new Set(active.map(({ group }) => group))];
    return names.map((name) => ({ name, shortcuts: active.filter(({ group }) => group === name) }));
  });

  constructor() {
    afterNextRender(() => {
      this.dialog().nativeElement.showModal();
    });
  }

  protected keysOf({ keys }: Shortcut): string[] {
    const mod = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl';
    return keys.split(/[ +]/).map((key) => (key === 'mod' ? mod : key.length === 1 ? key.toUpperCase() : key));
  }
}
