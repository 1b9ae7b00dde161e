import { TestBed } from '@angular/core/testing';
import { ApiFailure } from '@mu/shared/api/failure';
import { Keep } from '../draft/keep';
import { FakeApi, FakeKeep, HOME, NO_NETWORK } from '../samples';
import { Homes } from './homes';
import { TenantApi } from './tenant-api';

const CODE = '7KQ2M-4XPDA';

function world() {
  const [api, keep] = [new FakeApi(), new FakeKeep()];
  const reload = (): Homes => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({ providers: [{ provide: TenantApi, useValue: api }, { provide: Keep, useValue: keep }] });
    return TestBed.inject(Homes);
  };
  return { api, keep, reload };
}

it('knows without a network what it knew before', async () => {
  const { api, reload } = world();
  await reload().open(CODE);
  api.failure = NO_NETWORK;

  const homes = reload();
  await homes.open(CODE);

  expect(homes.home()).toMatchObject(HOME);
  expect(homes.failure()).toBeNull();
});

it('forgets a home whose code was switched off', async () => {
  const { api, keep, reload } = world();
  await reload().open(CODE);
  api.failure = new ApiFailure('link-revoked', '', 410);

  const homes = reload();
  await homes.open(CODE);

  expect(homes.failure()?.code).toBe('link-revoked');
  expect(homes.home()).toBeNull();
  expect(keep.shelves.size).toBe(0);
});
