import { Component, computed, input, numberAttribute } from '@angular/core';

/** The initials of a person whose name stands beside it. */
@Component({
  selector: 'mu-avatar',
  host: {
    class: 'inline-grid shrink-0 place-items-center rounded-full align-middle bg-accent-soft font-medium text-ink select-none',
    'aria-hidden': 'true',
    '[style.width.px]': 'size()',
    '[style.height.px]': 'size()',
    '[style.font-size.px]': 'size() * 0.4',
  },
  template: `{{ initials() }}`,
})
export class Avatar {
  readonly name = input.required<string>();
  readonly size = input(24, { transform: numberAttribute });

  protected readonly initials = computed(() => initialsOf(this.name()));
}

/** First and last: "Oluwaseun Adébáyò-Featherstonehaugh" -> "OA". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends.map((word) => Array.from(word ?? '')[0] ?? '').join('').toLocaleUpperCase('en-GB');
}
