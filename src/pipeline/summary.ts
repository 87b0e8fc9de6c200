import { debugLog } from '../debug-log.ts';
import { groupFailures } from '../failure-groups.ts';
import type { Json } from '../json.ts';
import { composeDigest, digestsAsked } from '../notify/compose-digest.ts';
import { asNotice, type Notice } from '../notify/compose-notice.ts';
import type { LoadSummary, RunSummary } from '../notify/summary.ts';
import type { FeatureDigest, FeatureLake } from '../ports/feature.ts';
import type { OpsRow, OpsTable } from '../ports/ledger.ts';
import { changeOf, describeChange } from '../staging/schema-changes.ts';
import { ownersOf } from './owners.ts';
import { readPublication } from './publication.ts';
import { staleTables } from './stale-tables.ts';
import { failuresOf } from './step-log.ts';

/** What a run did, put together from the ledger. */
export async function summarise(lake: FeatureLake, run: string, startedAt: string): Promise<RunSummary> {
  const { clock, ledger } = lake.platform;
  const rowsOf = (table: OpsTable) => ledger.rows(table, run);
  const failures = await failuresOf(ledger, run);
  const publication = await readPublication(lake.platform, run);
  return {
    run,
    campus: lake.campus.name,
    status: failures.length > 0 ? 'failed' : 'succeeded',
    startedAt,
    endedAt: new Date(clock.now()).toISOString(),
    ...(publication ? { asOf: publication.asOf } : {}),
    loads: loadsOf(await rowsOf('loads'), await rowsOf('steps')),
    failures: groupFailures(failures, await ownersOf(lake)).map(({ step, ...group }) => ({
      ...group,
      about: group.about || step,
    })),
    failed: failures.length,
    checks: checksOf(await rowsOf('checks')),
    stale: publication ? staleTables(publication) : [],
    schemaChanges: (await rowsOf('schema_changes')).map((row) => ({
      dataset: String(row.dataset),
      change: describeChange(changeOf(row)),
    })),
    ...(await featureParts(lake, run)),
    remarks: (await rowsOf('remarks')).map((row) => ({ about: String(row.about), text: String(row.text) })),
    published: publication !== undefined,
    tables: Object.keys(publication?.tables ?? {}).length,
  };
}

/** What features have to say of the run. A feature that fails in this costs its own lines only. */
async function featureParts(
  lake: FeatureLake,
  run: string,
): Promise<Pick<RunSummary, 'headlines' | 'lines'>> {
  const headlines: string[] = [];
  const lines: string[] = [];
  for (const feature of lake.features ?? []) {
    try {
      const summary = await feature.summary?.(lake, run);
      if (summary?.headline !== undefined) headlines.push(summary.headline);
      lines.push(...(summary?.lines ?? []));
    } catch (error) {
      debugLog(`the summary of ${feature.name}`, error);
      lake.report.note(feature.name, 'it could not say what it did in this run');
    }
  }
  return { headlines, lines };
}

/** What features tell besides how the run ended. A feature that fails in this costs its own notices only. */
export async function noticesOf(lake: FeatureLake, run: string): Promise<Notice[]> {
  const found: Notice[] = [];
  for (const feature of lake.features ?? []) {
    try {
      found.push(...((await feature.notices?.(lake, run)) ?? []).map(asNotice));
    } catch (error) {
      debugLog(`the notices of ${feature.name}`, error);
      lake.report.note(feature.name, 'it could not tell what it has to tell besides the run');
    }
  }
  return found;
}

/**
 * The daily line and the weekly summary, for each group of owners that an entry of `notify` asks for. Their keys name the
 * day and the Monday by the clock of the campus, so each is sent with the first run of its day or week.
 */
export async function digestsOf(lake: FeatureLake): Promise<Notice[]> {
  const { campus, platform } = lake;
  const found: Notice[] = [];
  for (const asked of digestsAsked(campus.notify)) {
    const parts: FeatureDigest[] = [];
    for (const feature of lake.features ?? []) {
      try {
        const part = await feature.digest?.(lake, asked);
        if (part) parts.push(part);
      } catch (error) {
        debugLog(`the digest of ${feature.name}`, error);
        lake.report.note(feature.name, 'it could not say how it is for the summary');
      }
    }
    if (parts.length > 0) found.push(composeDigest(campus, asked, parts, platform.clock.now()));
  }
  return found;
}

function checksOf(rows: readonly OpsRow[]): RunSummary['checks'] {
  const of = (status: string) => rows.filter((row) => row.status === status).length;
  const run = rows.reduce((sum, row) => sum + Number(row.checks), 0);
  return { run, warned: of('warned'), failed: of('failed') };
}

/** The loads with the rows that staging took from each: a source need not count them. */
function loadsOf(loads: readonly OpsRow[], steps: readonly OpsRow[]): LoadSummary[] {
  const staged = new Map<Json | undefined, number>();
  for (const row of steps) {
    if (row.step !== 'stage' || row.status !== 'succeeded') continue;
    const { upserted, deleted } = JSON.parse(String(row.output)) as { upserted: number; deleted: number };
    staged.set(row.item, upserted + deleted);
  }
  return loads.map((row) => ({
    dataset: String(row.dataset),
    kind: row.kind === 'increment' ? 'increment' : 'snapshot',
    rows: Number(row.rows ?? staged.get(row.dataset) ?? 0),
    bytes: Number(row.bytes ?? 0),
  }));
}
