// Puts .br and .gz siblings beside what a build wrote, so that the server never compresses while somebody waits.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const COMPRESSED = /\.(js|css|html|json|svg|webmanifest|txt)$/;
const WORTH_IT = 512;

for (const folder of process.argv.slice(2)) {
  let count = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!COMPRESSED.test(name) || statSync(path).size < WORTH_IT) continue;
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    count++;
  }
  console.log(`${folder}: ${count} files compressed`);
}
