import { DOCUMENT, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { ApiFailure } from '@mu/shared/api/failure';
import { toFailure } from '../../api/thrown';
import { comesRight } from '../../api/comes-right';
import { Homes } from '../../api/homes';
import type { SentPhoto, Status } from '../../api/shapes';
import { TenantApi } from '../../api/tenant-api';

const EVERY = 10_000;

/** One report as its landlord's side sees it now: asked again every 10 seconds while somebody looks. */
@Injectable()
export class StatusStore {
  private readonly api = inject(TenantApi);
  private readonly homes = inject(Homes);
  private readonly page = inject(DOCUMENT);
  private readonly known = signal<Status | null>(null);
  private readonly failed = signal<ApiFailure | null>(null);
  private readonly link = signal('');
  private timer: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  private readonly sent = signal<readonly SentPhoto[]>([]);

  readonly status = this.known.asReadonly();
  readonly photos = this.sent.asReadonly();
  readonly token = this.link.asReadonly();
  /** A failure that leaves nothing to show, or one that no waiting mends. */
  readonly failure = computed(() => {
    const failure = this.failed();
    return failure && (!this.known() || !comesRight(failure)) ? failure : null;
  });

  constructor() {
    const look = (): void => {
      if (this.page.visibilityState !== 'hidden' && this.token()) void this.read();
    };
    this.page.addEventListener('visibilitychange', look);
    inject(DestroyRef).onDestroy(() => {
      this.gone = true;
      clearTimeout(this.timer);
      this.page.removeEventListener('visibilitychange', look);
    });
  }

  async open(token: string): Promise<void> {
    if (token === this.token()) return;
    this.link.set(token);
    this.known.set(null);
    await this.read();
  }

  async read(): Promise<void> {
    clearTimeout(this.timer);
    const token = this.token();
    try {
      const photos = this.api.photos(token).catch(() => this.photos()); // without them the rest is still worth reading
      const status = await this.api.status(token);
      if (this.gone || token !== this.token()) return;
      this.failed.set(null);
      this.known.set(status);
      this.sent.set(await photos);
      this.homes.speaksFor(status.organisation);
    } catch (thrown) {
      if (this.gone || token !== this.token()) return;
      this.failed.set(toFailure(thrown));
    }
    const failure = this.failed();
    if (!failure || comesRight(failure)) this.later();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.page.visibilityState === 'hidden') this.later();
      else void this.read();
    }, EVERY);
  }
}
