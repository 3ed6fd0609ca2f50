/** Prints what the first load costs, gzipped, and fails beyond the budget. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET_KIB = 350;
const dist = join(import.meta.dirname, '..', 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const kib = (bytes) => (bytes / 1024).toFixed(1);
const isFirst = (name) => page.includes(name) || name.endsWith('.woff2') || name.endsWith('.svg');

let first = gzipSync(page).length;
for (const name of readdirSync(join(dist, 'assets')).sort()) {
  const content = readFileSync(join(dist, 'assets', name));
  // woff2 is compressed already; servers send it as it is.
  const size = name.endsWith('.woff2') ? content.length : gzipSync(content).length;
  if (isFirst(name)) first += size;
  console.log(`${kib(size).padStart(8)} KiB  ${isFirst(name) ? 'first load' : 'on demand '}  ${name}`);
}
console.log(`${kib(first).padStart(8)} KiB  first load in all (budget ${BUDGET_KIB})`);
if (first > BUDGET_KIB * 1024) {
  console.error('The first load is over its budget.');
  process.exitCode = 1;
}
