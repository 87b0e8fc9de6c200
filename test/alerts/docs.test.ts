import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertTestsIn } from '../../src/alerts/check/run-tests.ts';
import { parseExpression } from '../../src/alerts/language/interpreter.ts';
import { NOT_ON_STREAM } from '../../src/alerts/language/vocabulary.ts';
import { wordList } from '../../src/alerts/language/word-list.ts';
import { METRICS } from '../../src/alerts/metrics.ts';
import { alertsIn } from '../../src/alerts/rules/load-alerts.ts';
import { meaningOf } from '../../src/alerts/rules/sentence.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
const [written, tests] = [...PAGE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

describe('docs/alerts.md', () => {
  it('shows a file of alerts that can be read, and tests that pass on it', () => {
    const alerts = alertsIn('docs', written!, 'America/Chicago');
    expect(alerts.alerts).toHaveLength(5);
    expect(alertTestsIn('docs', tests!, alerts).flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('shows programs that are expressions', () => {
    const programs = [...PAGE.matchAll(/^\| `([^`]*,:[^`]*)` \|/gm)].map(([, program]) => program!);
    expect(programs.length).toBeGreaterThan(5);
    for (const program of programs) parseExpression(program);
  });

  it('shows conditions that can be read', () => {
    const table = PAGE.slice(PAGE.indexOf('| condition | step |'), PAGE.indexOf('Roster and calendar'));
    const conditions = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, condition]) => condition!);
    expect(conditions).toHaveLength(5);
    for (const condition of conditions) meaningOf(condition);
  });

  it('lists every word, every metric, and what is refused', () => {
    for (const { words } of wordList())
      for (const { name, takes, does } of words)
        expect(PAGE).toContain(`| \`:${name}\` | ${takes} | ${does} |`);
    for (const { name } of METRICS) expect(PAGE).toContain(`\`${name}\``);
    expect(NOT_ON_STREAM.has('offset')).toBe(true);
  });
});
