import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly tests: readonly string[];
}

it('every fault of the list applies to the code as it is, and its tests are there', () => {
  const mutants = parse(readFileSync(join(import.meta.dirname, 'mutants.yaml'), 'utf8')) as Mutant[];
  const faults = mutants.flatMap(({ name, file, find, replace, tests }) => {
    const path = join(ROOT, file);
    const times = existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
    const missing = tests.filter((test) => !existsSync(join(ROOT, test)));
    return [
      ...(times === 1 ? [] : [`${name}: its text is ${times} times in ${file}`]),
      ...(find === replace ? [`${name}: changes nothing`] : []),
      ...missing.map((test) => `${name}: there is no ${test}`),
    ];
  });
  expect(faults).toEqual([]);
});
