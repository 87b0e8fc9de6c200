import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPAIRS } from '../../src/health/repair/all.ts';
import { RULES, ruleFor } from '../../src/health/rules/all.ts';
import { GLUE_CATEGORIES, ruleOfGlue } from '../../src/health/rules/glue.ts';
import { signal } from '../../src/health/signal.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HEAD = '| message | cause | action |\n|---|---|---|\n';

describe('The rules', () => {
  it('are the rows of docs/runbook.md (written again by `vitest -u`)', async () => {
    const page = await readFile(join(ROOT, 'docs/runbook.md'), 'utf8');
    const from = page.indexOf(HEAD) + HEAD.length;
    expect(from).toBeGreaterThan(HEAD.length);
    const rest = page.slice(page.indexOf('\n\n', from));
    const rows = RULES.map(
      ({ runbook: { message, cause, action } }) => `| ${message} | ${cause} | ${action} |`,
    );
    await expect(`${page.slice(0, from)}${rows.join('\n')}${rest}`).toMatchFileSnapshot(
      '../../docs/runbook.md',
    );
  });

  it('have ids of their own, and name only rules and repairs that there are', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, alternatives = [], explains = [], repairs = [], confidence, version } of RULES) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      for (const other of alternatives) expect(ids).toContain(other);
      for (const other of explains)
        expect(
          other.endsWith('*') ? ids.some((one) => one.startsWith(other.slice(0, -1))) : ids.includes(other),
        ).toBe(true);
      for (const repair of repairs) expect(Object.keys(REPAIRS)).toContain(repair);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThan(1);
      expect(version).toBeGreaterThan(0);
    }
  });

  it('know nearly every code of a failure that a step can have', async () => {
    const page = await readFile(join(ROOT, 'docs/failure-codes.md'), 'utf8');
    const codes = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code!);
    const given = {
      run: 'r',
      kind: 'step-failed',
      about: '',
      source: '',
      at: '',
      severity: 'error',
      message: '',
    } as const;
    const unknown = codes.filter((code) => ruleFor(signal({ ...given, code }))?.id === 'unexpected-error');
    expect(codes.length).toBeGreaterThan(100);
    // Failures of commands that no step runs, and the defect itself.
    expect(unknown.length).toBeLessThan(60);
    for (const code of [
      'lms-authentication',
      'disk-full',
      'check-failed',
      'sis-connection',
      'model',
      'warehouse-load',
    ])
      expect(unknown).not.toContain(code);
  });

  it('know the 28 error categories of AWS Glue', () => {
    const categories = Object.keys(GLUE_CATEGORIES);
    expect(categories).toHaveLength(28);
    for (const category of categories) {
      const rule = ruleOfGlue(`glue-${category.toLowerCase().replaceAll('_', '-')}`);
      expect(RULES.map(({ id }) => id)).toContain(rule);
    }
    expect(ruleOfGlue('lms-server')).toBeUndefined();
  });
});
