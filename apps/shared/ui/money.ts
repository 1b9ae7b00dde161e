const POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP', trailingZeroDisplay: 'stripIfInteger' });

/** Pence in words: "£1,234.50", and "£250" where there are no pence. */
export function money(pence: number): string {
  return POUNDS.format(pence / 100);
}
