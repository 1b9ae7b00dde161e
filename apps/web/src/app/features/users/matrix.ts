import type { Grant, Permission, Scope } from '@mu/shared/api/generated/models';
import { PERMISSION } from '@mu/shared/api/generated/models/permission-array';

/** How far a permission reaches; the empty string stands for not at all. */
export type Reach = Scope | '';
export type Matrix = Readonly<Partial<Record<Permission, Scope | undefined>>>;

export interface Group {
  readonly resource: string;
  readonly permissions: readonly { permission: Permission; action: string }[];
}

/** All permissions by what they are about, in the server's order. */
export const GROUPS: readonly Group[] = Object.entries(Object.groupBy(PERMISSION, (permission) => resourceOf(permission))).map(([resource, permissions]) => ({
  resource,
  permissions: (permissions ?? []).map((permission) => ({ permission, action: permission.slice(resource.length + 1) })),
}));

export function matrixOf(grants: readonly Grant[]): Matrix {
  return Object.fromEntries(grants.map(({ permission, scope }) => [permission, scope]));
}

export function grantsOf(matrix: Matrix): Grant[] {
  return PERMISSION.flatMap((permission) => {
    const scope = matrix[permission];
    return scope ? [{ permission, scope }] : [];
  });
}

export function changed(matrix: Matrix, permission: Permission, reach: Reach): Matrix {
  return { ...matrix, [permission]: reach || undefined };
}

/** Mine where I have changed it since `before`; theirs everywhere else. */
export function merged(mine: Matrix, before: Matrix, theirs: Matrix): Matrix {
  return Object.fromEntries(PERMISSION.map((permission) => [permission, mine[permission] === before[permission] ? theirs[permission] : mine[permission]]));
}

export function same(one: Matrix, other: Matrix): boolean {
  return PERMISSION.every((permission) => one[permission] === other[permission]);
}

function resourceOf(permission: Permission): string {
  return permission.slice(0, permission.indexOf(':'));
}
