import { Pipe, type PipeTransform, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';

/** The name of somebody; whoever was forgotten has none, and is called so. */
@Pipe({ name: 'called', pure: false })
export class Called implements PipeTransform {
  private readonly words = inject(TranslocoService);

  transform(name: string | null | undefined): string {
    if (name) return name;
    return this.words.translate('ui.forgotten');
  }
}
