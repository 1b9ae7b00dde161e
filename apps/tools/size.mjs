// Weighs, in brotli, what a browser fetches until a person sees the first screen: index.html, every script
// and style that it names, the chunk of that screen, and what all of these import at once. Fails above the budget.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const APPS = [
  { name: 'web', budget: 150_000, firstScreen: 'mu-tickets-page' },
  { name: 'tenant-portal', budget: 90_000, firstScreen: 'mu-danger-page' },
];
const NAMED_BY_INDEX = /(?:src|href)="([\w.-]+\.(?:js|css))"/g;
const IMPORTED_AT_ONCE = /(?:^|[;}\s])(?:import|export)(?:[^'"()]*?from)?\s*["']\.\/([\w.-]+\.js)["']/g;

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
let failed = false;

for (const { name, budget, firstScreen } of APPS) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const folder = new URL(`../dist/${name}/`, import.meta.url);
  const read = (file) => readFileSync(new URL(file, folder));
  if (!existsSync(new URL('index.html', folder))) throw new Error(`dist/${name} is not built: npm run build`);
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.js'));

  const withImports = (files) => {
    const all = new Set(files);
    for (const file of all) {
      if (!file.endsWith('.js')) continue;
      for (const [, imported] of read(file).toString().matchAll(IMPORTED_AT_ONCE)) all.add(imported);
    }
    return all;
  };
  const start = withImports(['index.html', ...[...read('index.html').toString().matchAll(NAMED_BY_INDEX)].map(([, file]) => file)]);
  const screen = withImports(scripts.filter((file) => read(file).includes(firstScreen)));
  if (screen.size === 0) throw new Error(`${name} has no screen ${firstScreen}`);

  let total = 0;
  for (const file of new Set([...start, ...screen])) {
    const weight = brotliCompressSync(read(file)).length;
    total += weight;
    console.log(`  ${kilobytes(weight)}  ${file}${start.has(file) ? '' : ' (first screen)'}`);
  }
  console.log(`${name}: initial load ${kilobytes(total).trim()} of ${kilobytes(budget).trim()} (brotli)`);
  for (const font of readdirSync(new URL('media/', folder)).filter((file) => file.includes('-latin-wght-'))) {
    console.log(`  ${kilobytes(read(`media/${font}`).length)}  media/${font}, not counted: text is readable before it has come`);
  }
  failed ||= total > budget;
}
if (failed) {
  console.error('Over the budget.');
  process.exit(1);
}
