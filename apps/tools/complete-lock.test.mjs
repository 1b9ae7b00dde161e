import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complete, platformOf } from './complete-lock.mjs';

test('a platform is read from the name of a package', () => {
  assert.deepEqual(platformOf('@rollup/rollup-linux-arm64-musl'), { cpu: ['arm64'], os: ['linux'] });
  assert.deepEqual(platformOf('@esbuild/win32-x64'), { cpu: ['x64'], os: ['win32'] });
  assert.deepEqual(platformOf('fsevents'), {});
});

test('missing platforms are added, present ones kept', () => {
  const here = { version: '1.0.0', optional: true, integrity: 'sha512-a' };
  const lock = {
    packages: {
      'node_modules/tool': { dev: true, optionalDependencies: { '@tool/linux-x64': '1.0.0', '@tool/darwin-arm64': '^1.0.0' } },
      'node_modules/@tool/linux-x64': here,
    },
  };

  const added = complete(lock);

  assert.deepEqual(added, ['@tool/darwin-arm64']);
  assert.equal(lock.packages['node_modules/@tool/linux-x64'], here);
  assert.deepEqual(lock.packages['node_modules/@tool/darwin-arm64'], {
    version: '1.0.0', cpu: ['arm64'], dev: true, optional: true, os: ['darwin'],
  });
});
