import { expect, it } from 'vitest';
import { stagesOf } from '../../bin/progress/live.ts';
import type { Campus } from '../../src/campus/campus.ts';
import { FEATURES } from '../../src/features.ts';
import { planFor } from '../../src/pipeline/plan.ts';

it('shows each stage of the plan once, and none without a title', () => {
  const sources = { canvas: { kind: 'canvas' }, sis: { kind: 'postgres' } };
  const rows = stagesOf(planFor({ sources } as unknown as Campus, FEATURES));
  expect(rows[0]).toEqual(['Load canvas', 'Load sis']);
  expect(rows.slice(1).every((row) => row.length === 1)).toBe(true);
  expect(new Set(rows.flat()).size).toBe(rows.flat().length);
});
