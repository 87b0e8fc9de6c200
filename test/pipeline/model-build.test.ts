import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCampus } from '../../src/campus/load.ts';
import { findModel } from '../../src/models/build-model.ts';
import { continueBuild } from '../../src/pipeline/model-build.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../src/ports/ledger.ts';
import type { BuildRequest, BuildStatus } from '../../src/ports/query-engine.ts';
import type { TableVersion } from '../../src/ports/tables.ts';
import { SqlError } from '../../src/sql/errors.ts';
import { lakeOf } from '../lake-of.ts';
import { propertyRuns } from '../property-runs.ts';

/** An engine that makes tables elsewhere: each is done when it has been asked after so many times. */
class Elsewhere {
  readonly capabilities = { background: true };
  readonly begun: BuildRequest[] = [];
  readonly waits: number[] = [];
  /** The outcome of each build, in the order of submission. */
  readonly fates: { looks: number; failed?: unknown }[];
  readonly #looks: number[] = [];

  constructor(...fates: { looks: number; failed?: unknown }[]) {
    this.fates = fates;
  }

  async submit(request: BuildRequest) {
    this.#looks.push(0);
    return { number: this.begun.push(request) - 1 };
  }

  async poll(ticket: unknown, waitMs: number): Promise<BuildStatus> {
    const { number } = ticket as { number: number };
    this.waits.push(waitMs);
    const { looks, failed } = this.fates[number]!;
    this.#looks[number]! += 1;
    if (this.#looks[number]! <= looks) return { retryAfterSeconds: 20 };
    return failed === undefined ? { version: versionOf(number) } : { failed };
  }
}

const versionOf = (number: number): TableVersion => ({
  table: 'campus.m',
  columns: [{ name: 'one', type: 'integer' }],
  rows: number,
  storage: {},
});

describe('a model that is made elsewhere', () => {
  let folder: string;
  let ledger: LedgerStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'making-'));
    ledger = await openLocalLedger(folder);
    await writeModel('-- engine: glue\nSELECT 1 AS one');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function writeModel(text: string) {
    await mkdir(join(folder, 'models'), { recursive: true });
    await writeFile(join(folder, 'models', 'm.sql'), text);
  }

  const loaded = loadCampus('campus.yaml');
  async function ask(engine: object, run = 'r1') {
    const { campus, catalog } = await loaded;
    const own = { ...campus, root: folder, models: 'models' };
    const lake = lakeOf({ campus: own, catalog, platform: { engine, ledger, clock: { now: Date.now } } });
    return continueBuild(lake, { run, model: await findModel(lake, 'm'), built: {} });
  }

  it('is begun once, however often it is asked after, by whichever process', async () => {
    const engine = new Elsewhere({ looks: 3 });

    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(engine));

    expect(answers.slice(0, 3)).toEqual(Array(3).fill({ retryAfterSeconds: 20 }));
    expect(answers[3]).toMatchObject({ version: versionOf(0), model: { name: 'm', engine: 'glue' } });
    expect(engine.begun).toMatchObject([{ table: 'campus.m', versionId: 'r1', engine: 'glue', reads: {} }]);
    // Only who begins it waits.
    expect(engine.waits.map((ms) => ms > 0)).toEqual([true, false, false, false]);
  });

  it('is begun again after it has failed, with an error at its file', async () => {
    const failed = new SqlError('A division by zero.', { hint: 'write nullif(divisor, 0)' });
    const engine = new Elsewhere({ looks: 1, failed }, { looks: 0 });

    expect(await ask(engine)).toEqual({ retryAfterSeconds: 20 });
    await expect(ask(engine)).rejects.toThrow(/m\.sql: A division by zero\.$/);
    expect(await ask(engine)).toMatchObject({ version: versionOf(1) });
  });

  it('is looked for again with the same ticket where nobody could be asked', async () => {
    const engine = new Elsewhere({ looks: 1 });
    await ask(engine);
    const deaf = {
      capabilities: { background: true },
      begin: () => expect.unreachable(),
      poll: () => Promise.reject(new Error('no answer')),
    };

    await expect(ask(deaf)).rejects.toThrow('no answer');
    expect(await ask(engine)).toMatchObject({ version: versionOf(0) });
  });

  it('is none of an earlier run', async () => {
    const engine = new Elsewhere({ looks: 9 }, { looks: 0 });
    await ask(engine, 'r1');

    expect(await ask(engine, 'r2')).toMatchObject({ version: versionOf(1) });
    expect(engine.begun.map(({ versionId }) => versionId)).toEqual(['r1', 'r2']);
  });

  it('is checked against its header when it is there', async () => {
    await writeModel('-- column two (none): not there\nSELECT 1 AS one');
    await expect(ask(new Elsewhere({ looks: 0 }))).rejects.toThrow(
      /m\.sql:1:1: The header describes .*"two"/,
    );
  });

  it('comes to the table of its last build, whatever fails in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { maxLength: 4 }),
        fc.nat({ max: 3 }),
        async (fates, looks) => {
          const failing = fates.map((before) => ({ looks: before, failed: new SqlError('no') }));
          const engine = new Elsewhere(...failing, { looks });
          for (let asked = 0; asked < 40; asked++) {
            const answer = await ask(engine, 'r3').catch(() => undefined);
            if (answer && 'version' in answer) {
              expect(answer.version).toEqual(versionOf(fates.length));
              expect(engine.begun).toHaveLength(fates.length + 1);
              return;
            }
          }
          expect.unreachable();
        },
      ),
      { numRuns: propertyRuns(15) },
    );
  });
});
