const LENGTH = 10;

/**
 * A poster's code as people type it: capitals or not, with spaces or not, O for 0, I or L for 1. Null when it can't be
 * one. Written as printed: 7KQ2M-4XPDA.
 */
export function readCode(typed: string): string | null {
  const signs = (typed.split('/h/').at(-1) ?? '').toUpperCase().replace(/O/g, '0').replace(/[IL]/g, '1').replace(/[^0-9A-Z]/g, '');
  if (signs.length !== LENGTH || signs.includes('U')) return null;
  return `${signs.slice(0, LENGTH / 2)}-${signs.slice(LENGTH / 2)}`;
}
