import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { generatorReport } from '../../../src/slo/standards/slo-generator-report.ts';
import { pythonVenv } from '../python-venv.ts';

/** The same choice on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

type Case = readonly [goal: number, window: number, threshold: number, good: number, bad: number];

/** Goals from 50 % to five nines, counts of every size, half-way roundings among them. */
function cases(): Case[] {
  const next = numbers(1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const random = Array.from({ length: 4000 }, (): Case => {
    const size = 10 ** Math.floor(next() * 7);
    return [
      pick([0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.99999]),
      pick([60, 300, 3600, 43_200, 86_400, 604_800, 2_419_200]),
      pick([1, 1.5, 3, 9, 14.4]),
      Math.floor(next() * size * 10),
      next() < 0.3 ? 0 : Math.floor(next() * size),
    ];
  });
  const edges: Case[] = [
    [0.999, 3600, 14.4, 985_560, 14_440],
    [0.99, 86_400, 9, 1434, 6],
    [0.5, 60, 1, 7, 1],
    [0.5, 60, 1, 0, 0],
    [0.75, 60, 1, 15, 1],
    [0.9, 43_200, 3, 3556, 3556],
  ];
  return [...random, ...edges];
}

it('reports as slo-generator itself does', async () => {
  const programs = await pythonVenv('slo-generator', path.join(import.meta.dirname, 'requirements.txt'));
  const asked = cases();
  const child = spawn(path.join(programs, 'python'), [path.join(import.meta.dirname, 'reports.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(asked));
  const theirs = JSON.parse(await text(child.stdout)) as (Record<string, unknown> | null)[];
  const different = asked.filter((one, i) => {
    const [goal, window, threshold, good, bad] = one;
    const step = {
      name: 'step',
      window,
      burn_rate_threshold: threshold,
      alert: true,
      message_alert: 'page',
      message_ok: 'fine',
    };
    const ours = generatorReport(goal, step, good, bad);
    const their = theirs[i];
    if (!ours || !their) return (ours ?? null) !== (their ?? null);
    return Object.entries(ours).some(([name, value]) => !Object.is(value, their[name]));
  });
  expect(different).toEqual([]);
  expect(theirs.filter((report) => report !== null).length).toBeGreaterThan(3900);
});
