/** A version as `If-Match` says it: the one that a change is a change of. */
export function etag({ version }: { readonly version: number }): string {
  return `"v${version.toString()}"`;
}
