import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAs } from '../../../src/app/access/open-access.ts';
import { ask } from '../../../src/app/assistant/ask.ts';
import { loadCampus } from '../../../src/campus/load.ts';
import { FEATURES } from '../../../src/features.ts';
import { openEvents } from '../../../src/pipeline/event-bus.ts';
import { openLake } from '../../../src/pipeline/lake.ts';
import { openLocalPlatform } from '../../../src/platform/local/platform.ts';
import type { OpsRow } from '../../../src/ports/ledger.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { type Draft, quietNights, random } from '../../assistant/corpus/college.ts';
import { PLANTS } from '../../assistant/corpus/plants.ts';

/** Troubles whose causes are in the ledger alone: nothing is published here, so that every table is missing. */
const ASKED = [
  'sourceDown',
  'lateFeed',
  'clockSkew',
  'duplicateLoad',
  'emptyFeed',
  'missingRun',
  'diskFull',
] as const;

/** The rows of the ledger of made-up nights. */
function rowsOf({ runs, failures, loads, checks, changes, jobs }: Draft): Readonly<Record<string, OpsRow[]>> {
  return {
    runs: runs.map(({ id, status, startedAt, endedAt }) => ({
      id,
      run: id,
      status,
      started_at: startedAt,
      ended_at: endedAt ?? null,
    })),
    steps: failures.map(({ at, message, ...one }) => ({
      ...one,
      status: 'failed',
      ended_at: at,
      error: message,
    })),
    loads: loads.map(({ startedAt, committedAt, rows, watermark, ...one }) => ({
      ...one,
      rows: rows ?? null,
      watermark: watermark ?? null,
      started_at: startedAt ?? null,
      committed_at: committedAt,
    })),
    checks: checks.map(({ table, check, at, ...one }) => ({
      ...one,
      table_name: table,
      check_name: check,
      checked_at: at,
    })),
    schema_changes: changes.map(({ column, ...one }) => ({ ...one, column_name: column })),
    job_runs: jobs.map(({ startedAt, ranMs, queuedMs, rowsOut, job, id, run }) => ({
      id,
      run,
      job,
      kind: 'step',
      part_of: null,
      started_at: startedAt,
      ran_ms: ranMs,
      queued_ms: queuedMs,
      rows_out: rowsOut ?? null,
    })),
  };
}

describe.each(ASKED)('Questions to a real ledger: %s', (name) => {
  const draft = quietNights(41);
  const { truth } = PLANTS[name]!(draft, random(42));
  let root: string;
  let lake: Lake;
  let close: () => Promise<void>;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'ask-'));
    const loaded = await loadCampus(resolve(import.meta.dirname, '../../../campus.yaml'));
    const campus = { ...loaded.campus, lake: join(root, 'lake') };
    const clock = { now: () => draft.at, sleep: async () => {} };
    const platform = await openLocalPlatform(campus, { clock, features: FEATURES });
    close = () => platform.close();
    lake = openLake({
      campus,
      catalog: loaded.catalog,
      platform,
      session: { principal: 'ada', role: 'administrator', attributes: {}, purpose: 'test' },
      features: FEATURES,
      events: openEvents(),
      signal: new AbortController().signal,
    });
    for (const [table, rows] of Object.entries(rowsOf(draft)))
      if (rows.length > 0) await platform.ledger.append(table, rows);
  });
  afterAll(async () => {
    await close();
    await rm(root, { recursive: true, force: true });
  });

  it('name the planted cause, and are on record without their words', async () => {
    const answer = await ask(lake, 'what is wrong in the lake?');
    expect(answer.causes[0]).toMatchObject({ component: truth.component, reason: truth.reason });
    const [row, ...others] = await lake.platform.ledger.rows('questions');
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      principal: 'ada',
      role: 'administrator',
      intent: 'cause',
      cause: `${truth.reason}|${truth.component}`,
      answered_by: 'rules',
    });
    expect(JSON.stringify(row)).not.toContain('wrong');
  });

  it('of a role without the ledger are answered without it, and name no person', async () => {
    const adviser = await readAs(lake, { role: 'adviser', principal: 'F1000001' });
    const answer = await ask(adviser, 'what is wrong in the lake?');
    expect(answer).toMatchObject({ kind: 'unknown', causes: [], evidence: [] });
    expect(answer.remarks.join()).toContain('ops.loads');
    const refused = await ask(adviser, 'why is student 10003 missing');
    expect(refused.kind).toBe('refused');
    const record = JSON.stringify([refused, await lake.platform.ledger.rows('questions')]);
    expect(record).not.toContain('10003');
  });
});
