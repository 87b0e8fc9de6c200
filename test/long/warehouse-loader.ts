import { readFileSync } from 'node:fs';
import { openLocalWarehouse } from '../../src/platform/local/warehouse.ts';
import type { TableSet } from '../../src/ports/tables.ts';
import { granted } from '../granted.ts';

/** Loads the sets of a file in turn, for ever. */
const [root, directory, port, setsFile, name] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const sets = JSON.parse(readFileSync(setsFile, 'utf8')) as TableSet[];
const warehouse = openLocalWarehouse({
  root,
  directory,
  port: Number(port),
  readers: 'dashboard',
  procedures: root,
});
console.log('begins');
for (let i = 0; ; i++) await warehouse.load(`${name}-${i}`, granted(sets[(i + 1) % sets.length]!));
