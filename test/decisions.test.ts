import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = resolve(import.meta.dirname, '../docs/decisions');

it('decisions are numbered without gaps, and the index lists each by its title', () => {
  const files = readdirSync(FOLDER)
    .filter((file) => file !== 'README.md')
    .sort();
  const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');

  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, i) => i + 1));
  for (const [i, file] of files.entries()) {
    const [, title] = /^# \d+\. (.*)\n/.exec(readFileSync(join(FOLDER, file), 'utf8')) ?? [];
    expect(index).toContain(`| ${i + 1} | [${title}](${file}) |`);
  }
});
