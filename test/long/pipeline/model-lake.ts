import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogDataset } from '../../../src/campus/campus.ts';
import { changeState } from '../../../src/loads/dataset-state.ts';
import { modelsPlan } from '../../../src/models/steps.ts';
import { type Publication, readPublication } from '../../../src/pipeline/publication.ts';
import { buildModelStep } from '../../../src/pipeline/steps/build-model.ts';
import { publishStep } from '../../../src/pipeline/steps/publish.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/platform/local/duckdb/engine.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';
import type { Uses } from '../../../src/ports/step.ts';
import type { TableVersion } from '../../../src/ports/tables.ts';
import { granted } from '../../granted.ts';
import { lakeOf } from '../../lake-of.ts';
import { committedUpTo, withPassed, withStaged } from '../../loads/states.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 9, 23, 11);
/** A day of the test, counted from the first, as an instant. */
export const instant = (day: number) => new Date(START + day * DAY).toISOString();

/** A dataset of Canvas with one column, its key. */
export const dataset = (name: string, more: Partial<CatalogDataset> = {}): CatalogDataset => ({
  id: `canvas.${name}`,
  source: 'canvas',
  name,
  namespace: 'canvas',
  table: name,
  key: ['id'],
  columns: [{ name: 'id', type: 'bigint', privacy: 'none' }],
  owner: `owner of ${name}`,
  ...more,
});

/** The models' only question about time. */
export const AS_OF = `format_datetime(r.as_of, 'yyyy-MM-dd') AS known FROM ops.run r`;

type Steps = Uses<
  | 'session'
  | 'signal'
  | 'report'
  | 'campus'
  | 'catalog'
  | 'engine'
  | 'clock'
  | 'ledger'
  | 'objects'
  | 'secrets'
>;

/** A lake of two datasets without a source, whose models a test writes, builds and publishes day by day. */
export class ModelLake {
  readonly root: string;
  readonly engine: LocalEngine;
  readonly lake: Steps;
  datasets: CatalogDataset[] = [dataset('users'), dataset('work')];
  /** The day on which everything happens. */
  today = 0;

  private constructor(root: string, engine: LocalEngine) {
    const datasets = () => this.datasets;
    this.root = root;
    this.engine = engine;
    this.lake = lakeOf({
      campus: {
        root,
        models: 'models',
        timeZone: 'America/Chicago',
        privacy: { defaults: {} },
        sources: { canvas: { kind: 'canvas' } },
      },
      catalog: {
        get datasets() {
          return datasets();
        },
        get: (id: string) => datasets().find((one) => one.id === id),
      },
      platform: {
        engine,
        clock: { now: () => START + this.today * DAY },
        ledger: openLocalLedger(join(root, 'ledger')),
        objects: openLocalObjects(root),
        secrets: {},
      },
      report: { note: () => undefined, progress: () => undefined },
      signal: new AbortController().signal,
    });
  }

  static async open(): Promise<ModelLake> {
    const root = await mkdtemp(join(tmpdir(), 'model-runs-'));
    await mkdir(join(root, 'models'));
    return new ModelLake(root, await openLocalEngine({ root, threads: 1 }));
  }

  async close(): Promise<void> {
    await this.engine.close();
    await rm(this.root, { recursive: true, force: true });
  }

  /** Writes the file of a model. */
  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.root, 'models', `${name}.sql`), text);
  }

  remove(name: string): Promise<void> {
    return rm(join(this.root, 'models', `${name}.sql`));
  }

  /** A load of today; what it holds has passed its checks, unless it is kept back. */
  async load(
    name: string,
    rows: number[],
    isGood = true,
    more: Pick<TableVersion, 'content'> = {},
  ): Promise<void> {
    const run = `r${this.today}`;
    const table = `canvas.${name}`;
    const columns = [{ name: 'id', type: 'bigint' as const }];
    const made = await this.engine.literalTable(
      table,
      columns,
      rows.map((id) => [id]),
      `${run}-${name}`,
    );
    const version = { ...made, ...more };
    const time = { asOf: instant(this.today), loadedAt: instant(this.today) };
    await changeState(this.lake.platform.ledger, table, (state) => ({
      ...(isGood ? withPassed : withStaged)(state, version, run, { time }),
      ...committedUpTo(time.asOf, time.loadedAt),
    }));
  }

  /** Builds and publishes. @returns the errors by model */
  async run(): Promise<Record<string, string>> {
    const id = `r${this.today}`;
    const failed: Record<string, string> = {};
    for (const { models } of (await modelsPlan.run({ run: id }, this.lake)).waves) {
      for (const { model } of models) {
        await buildModelStep.run({ run: id, model }, this.lake).catch((error: Error) => {
          failed[model] = error.message.replaceAll(/\S*models\//g, '');
        });
      }
    }
    await publishStep.run({ run: id }, this.lake);
    return failed;
  }

  async published(): Promise<Publication> {
    return (await readPublication(this.lake.platform))!;
  }

  async asOfOf(table: string): Promise<string | undefined> {
    return (await this.published()).facts[table]?.asOf;
  }

  async rowsOf(table: string): Promise<unknown[][]> {
    const { tables } = await this.published();
    const found: unknown[][] = [];
    const result = await this.engine.query(`SELECT * FROM ${table}`, granted(tables));
    for await (const batch of result.batches()) found.push(...batch);
    return found;
  }
}
