import { Pipe, type PipeTransform, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

const FORMS = new Intl.PluralRules('en-GB');
const NUMBER = new Intl.NumberFormat('en-GB');

/** Words with a number in them: `{{ 'tickets.list.all' | counted: rows }}` takes the form (`one`, `other`) that goes with it. */
@Pipe({ name: 'counted' })
export class Counted implements PipeTransform {
  private readonly words = inject(TranslocoService);

  transform(key: string, count: number): string {
    return this.words.translate(`${key}.${FORMS.select(count)}`, { count: NUMBER.format(count) });
  }
}
