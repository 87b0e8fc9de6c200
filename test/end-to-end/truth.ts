import type { Campus, Catalog, CatalogDataset } from '../../src/campus/campus.ts';
import type { LakeType } from '../../src/campus/lake-type.ts';
import { treatmentOf } from '../../src/campus/treatment.ts';
import { readState } from '../../src/loads/dataset-state.ts';
import { stagedOf } from '../../src/loads/state.ts';
import type { Platform } from '../../src/ports/platform.ts';
import type { CanvasSimulator } from '../../src/simulators/canvas/simulator.ts';
import type { CellValue } from '../../src/simulators/college/college.ts';
import { granted } from '../granted.ts';

/**
 * What differs between the staged Canvas tables and what the simulator says they must hold, in words; an empty
 * list when every row and every value is the same.
 */
export async function differencesFromTruth(
  { campus, catalog }: { campus: Campus; catalog: Catalog },
  platform: Platform,
  canvas: CanvasSimulator,
): Promise<string[]> {
  const found: string[] = [];
  for (const dataset of catalog.of('canvas')) {
    const columns = dataset.columns.filter((column) => treatmentOf(campus, column) === 'keep');
    const expected = canvas
      .truth(dataset.namespace, dataset.table)
      .map((row) => columns.map((c) => textOf(row[c.source ?? c.name] ?? null, c.type)).join('|'))
      .sort();
    const staged = await stagedRows(platform, dataset, columns);
    const there = new Set(staged);
    const wanted = new Set(expected);
    const missing = expected.filter((row) => !there.has(row));
    const extra = staged.filter((row) => !wanted.has(row));
    if (missing.length + extra.length > 0 || staged.length !== expected.length) {
      found.push(
        `${dataset.id}: ${staged.length} rows for ${expected.length}; missing ${missing[0] ?? '-'}; extra ${extra[0] ?? '-'}`,
      );
    }
  }
  return found;
}

async function stagedRows(
  platform: Platform,
  dataset: CatalogDataset,
  columns: readonly { name: string; type: LakeType }[],
): Promise<string[]> {
  const { state } = await readState(platform.ledger, dataset.id);
  const staged = stagedOf(state);
  if (!staged) return [];
  const list = columns.map((column) => `"${column.name}"`).join(', ');
  const result = await platform.engine.query(
    `SELECT ${list} FROM ${dataset.id}`,
    granted({
      [dataset.id]: staged.version,
    }),
  );
  const rows: string[] = [];
  for await (const batch of result.batches()) {
    for (const row of batch)
      rows.push(row.map((cell, n) => textOf(cell as CellValue, columns[n]!.type)).join('|'));
  }
  return rows.sort();
}

function textOf(value: CellValue, type: LakeType): string {
  if (value === null) return '∅';
  if (type === 'timestamp' && typeof value === 'number')
    return new Date(value).toISOString().replace('T', ' ').slice(0, -1);
  if (type === 'double' || type === 'real') return String(Number(value));
  if (type.startsWith('decimal')) return Number(value).toFixed(Number(/,(\d+)/.exec(type)?.[1]));
  if (typeof value === 'object') return sorted(value);
  if (type === 'varchar' && typeof value === 'string' && /^[[{]/.test(value))
    return sorted(JSON.parse(value));
  return String(value);
}

/** JSON text with the keys of every object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : typeof v === 'bigint'
        ? String(v)
        : v,
  );
}
