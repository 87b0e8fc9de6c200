import { describe, expect, it } from 'vitest';
import { recommendFor } from '../../src/jobs/recommend.ts';
import { RULES } from '../../src/jobs/rules.ts';
import { corpus } from './corpus.ts';

const SEEDS = Array.from({ length: 25 }, (_, i) => i + 1);

describe('Recommendations', () => {
  it('say what is true of histories that were made up, and little else', () => {
    let right = 0;
    let wrong = 0;
    let missed = 0;
    const histories = corpus(SEEDS);
    const faults = new Set<string>();
    for (const { truth, runs, facts } of histories) {
      const said = recommendFor(runs, facts).map(({ rule }) => rule);
      right += said.filter((rule) => truth.includes(rule)).length;
      wrong += said.filter((rule) => !truth.includes(rule)).length;
      missed += truth.filter((rule) => !said.includes(rule)).length;
      for (const rule of said) if (!truth.includes(rule)) faults.add(`${runs[0]!.job} is not ${rule}`);
      for (const rule of truth) if (!said.includes(rule)) faults.add(`${runs[0]!.job} is ${rule}`);
    }
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    console.info(
      `${histories.length} histories: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
      ...faults,
    );
    expect(precision).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    // Each rule is tried by the corpus.
    const tried = new Set(histories.flatMap(({ truth }) => truth));
    expect(RULES.map(({ id }) => id).filter((id) => !tried.has(id))).toEqual([]);
  });

  it('come with evidence, a saving for 30 days and a test on later runs', () => {
    const wide = corpus([1]).find(({ truth }) => truth.includes('half-the-workers'))!;
    const [found] = recommendFor(wide.runs);
    expect(found).toMatchObject({ rule: 'half-the-workers', ruleVersion: 1, saving: { unit: 'dollars' } });
    expect(found!.evidence.map(({ measure, of, than }) => [measure, of, than])).toEqual([
      ['cpuShare', 'p95', 0.25],
      ['memoryShare', 'p95', 0.25],
      ['workers', 'median', 2],
    ]);
    // 30 nights of about $1.20, half of it.
    expect(found!.saving.amount).toBeGreaterThan(15);
    expect(found!.saving.amount).toBeLessThan(21);
    const { spoke, held, laterRuns, predicted, realised } = found!.backTest;
    expect(spoke).toBe(true);
    expect(held).toBe(laterRuns);
    expect(realised / predicted).toBeGreaterThan(0.9);
    expect(realised / predicted).toBeLessThan(1.1);
  });

  it('are not made from few runs, nor where the later runs speak against them', () => {
    const wide = corpus([1]).find(({ truth }) => truth.includes('half-the-workers'))!;
    expect(recommendFor(wide.runs.slice(0, 9))).toEqual([]);
    const grown = wide.runs.map((run, i) => (i < 26 ? run : { ...run, cpuShare: 0.9, memoryShare: 0.9 }));
    expect(recommendFor(grown).map(({ rule }) => rule)).not.toContain('half-the-workers');
  });
});
