import { Service, inject, signal } from '@angular/core';
import type { ApiFailure } from '@mu/shared/api/failure';
import { toFailure } from './thrown';
import { Keep } from '../draft/keep';
import type { Picker } from './shapes';
import { TenantApi } from './tenant-api';

/** The rooms and faults with their drawings: the ones kept on the phone at once, newer ones when they come. */
@Service()
export class Pickers {
  private readonly api = inject(TenantApi);
  private readonly keep = inject(Keep);
  private readonly known = signal<Picker | null>(null);
  private readonly failed = signal<ApiFailure | null>(null);
  private asked: Promise<void> | null = null;

  readonly picker = this.known.asReadonly();
  /** Set only while there is nothing to show. */
  readonly failure = this.failed.asReadonly();

  /** Fetches them once, in the background; again after a failure. */
  open(): Promise<void> {
    this.asked ??= this.fetch();
    return this.asked;
  }

  private async fetch(): Promise<void> {
    this.failed.set(null);
    const kept = await this.keep.get<Picker>('kept', 'picker');
    if (kept) this.known.set(kept);
    try {
      const picker = await this.api.picker();
      this.known.set(picker);
      await this.keep.put('kept', 'picker', picker);
    } catch (thrown) {
      this.asked = null;
      if (!this.known()) this.failed.set(toFailure(thrown));
    }
  }
}
