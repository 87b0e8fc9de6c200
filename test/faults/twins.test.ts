import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPERIMENTS, STOP_ALARM } from '../../lib/faults/experiments.ts';
import { TWINS } from './twins.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('The fault experiments', () => {
  it('have a twin each that runs without an account', () => {
    expect(Object.keys(TWINS).sort()).toEqual(EXPERIMENTS.map(({ name }) => name).sort());
  });

  it('name suites and tests that are there', () => {
    for (const { file, tests = '' } of Object.values(TWINS).flat())
      expect(readFileSync(join(ROOT, file), 'utf8'), file).toContain(tests);
  });

  it('end by an alarm that the lake has', () => {
    expect(readFileSync(join(ROOT, 'lib/observe/alarms.ts'), 'utf8')).toContain(`id: '${STOP_ALARM}'`);
  });
});
