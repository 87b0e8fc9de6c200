import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Uses } from '../../ports/step.ts';
import { type Signal, signal } from '../signal.ts';

/** A disk with less than both of these free is nearly full. */
const PART = 0.05;
const BYTES = 5e9;

/** Whether the disk below the lake has room for the next run. Where the lake lies in no folder, nothing is said. */
export async function diskSpace(lake: Uses<'campus' | 'clock'>, run: string): Promise<Signal[]> {
  const folder = resolve(lake.campus.root, lake.campus.lake);
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk) return [];
  const free = disk.bavail * disk.bsize;
  const part = disk.blocks === 0 ? 1 : disk.bavail / disk.blocks;
  if (part >= PART || free >= BYTES) return [];
  return [
    signal({
      run,
      kind: 'disk',
      about: '',
      source: '',
      code: 'disk-nearly-full',
      reach: 'lake',
      at: new Date(lake.platform.clock.now()).toISOString(),
      severity: 'warning',
      message: `${(free / 1e9).toFixed(1)} GB (${Math.round(part * 100)} %) of the disk is free`,
      hint: 'Free some space before the next run.',
      observed: Math.round(part * 1000) / 10,
      expected: PART * 100,
    }),
  ];
}
