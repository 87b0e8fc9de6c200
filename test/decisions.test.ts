import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = resolve(import.meta.dirname, '../docs/decisions');

it('each decision has a number of its own, and the index lists each by its title', () => {
  const files = readdirSync(FOLDER)
    .filter((file) => file !== 'README.md')
    .sort();
  const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');

  const numbers = files.map((file) => Number(file.slice(0, 4)));
  expect(new Set(numbers).size).toBe(files.length);
  for (const [i, file] of files.entries()) {
    const [, title] = /^# \d+\. (.*)\n/.exec(readFileSync(join(FOLDER, file), 'utf8')) ?? [];
    expect(index).toContain(`| ${numbers[i]} | [${title}](${file}) |`);
  }
});
