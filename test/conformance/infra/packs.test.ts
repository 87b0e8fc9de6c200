import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkovFindings } from './checkov.ts';
import { EXPLAINED } from './explained.ts';
import { nagFindings, type PackFinding } from './nag.ts';
import { settingsOfVariant, VARIANTS } from './variants.ts';

/** cdk-nag's AwsSolutions, NIST 800-53 r5 and HIPAA, and checkov, over every variant: nothing without an answer. */

const PACKS_MS = 15 * 60_000;
const TEMPLATES = mkdtempSync(path.join(tmpdir(), 'packs-'));

const findings = new Map<string, readonly PackFinding[]>();
const isExplained = ({ rule, where }: PackFinding) =>
  EXPLAINED.some((one) => one.rule === rule && one.where.test(where));

beforeAll(async () => {
  for (const [name, variant] of VARIANTS)
    findings.set(name, nagFindings(settingsOfVariant(variant), TEMPLATES));
  findings.set('templates of all', await checkovFindings(TEMPLATES));
  const all = [...findings.values()].flat();
  const open = all.filter((finding) => !isExplained(finding)).length;
  console.log(
    `${VARIANTS.size} variants, four packs: ${all.length} findings, ${all.length - open} answered by ${EXPLAINED.length} reasons, ${open} open`,
  );
}, PACKS_MS);
afterAll(() => rmSync(TEMPLATES, { recursive: true }));

describe('The security packs', () => {
  it('find something, and nothing of AwsSolutions that the app has not acknowledged', () => {
    const all = [...findings.values()].flat();
    expect(VARIANTS.size).toBeGreaterThanOrEqual(25);
    expect([...new Set(all.map(({ pack }) => pack))].sort()).toEqual([
      'HIPAA.Security',
      'NIST.800.53.R5',
      'checkov',
    ]);
  });

  it('find nothing that is not explained, in any variant', () => {
    const open = [...findings].flatMap(([name, found]) =>
      found.filter((finding) => !isExplained(finding)).map((one) => ({ ...one, name })),
    );
    expect(open.map(({ name, pack, rule, where }) => `${pack} ${rule}: ${where} (${name})`)).toEqual([]);
  });

  it('find everything that is explained: an answer to nothing is taken out', () => {
    const all = [...findings.values()].flat();
    const idle = EXPLAINED.filter(
      (one) => !all.some(({ rule, where }) => rule === one.rule && one.where.test(where)),
    );
    expect(idle.map(({ rule }) => rule)).toEqual([]);
  });
});
