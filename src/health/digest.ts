import { readPublication } from '../pipeline/publication.ts';
import type { DigestAsked, FeatureDigest, FeatureLake } from '../ports/feature.ts';
import { ownersOfTables } from './diagnosis/owners.ts';
import { type Incident, isOpen, isSnoozed } from './incidents/incident.ts';
import { readIncidents } from './incidents/store.ts';
import { incidentInWords } from './notices.ts';
import { healthOf } from './table-health.ts';

const NAMED = 3;
const WEEK_MS = 7 * 86_400_000;

/** How many tables are as promised, and what is wrong; what somebody has snoozed is left out. */
export async function digestOf(lake: FeatureLake, { period, owners }: DigestAsked): Promise<FeatureDigest> {
  const { ledger, clock } = lake.platform;
  const now = clock.now();
  const concerns = (incident: Incident) =>
    owners.length === 0 || incident.owners.some((owner) => owners.includes(owner));
  const known = (await readIncidents(ledger)).filter(concerns);
  const open = known.filter((one) => isOpen(one) && !isSnoozed(one, now));
  const { good, all } = await counted(lake, owners, now);
  const headline = [
    all === 0 ? 'no tables' : `${good} of ${all} tables as promised`,
    ...(open.length > 0 ? [`${open.length} ${open.length === 1 ? 'incident' : 'incidents'} open`] : []),
  ].join(', ');
  const lines = open.slice(-NAMED).map(incidentInWords);
  if (open.length > NAMED) lines.push(`… and ${open.length - NAMED} more: \`lake incidents list\``);
  if (all === 0 && owners.length > 0)
    lines.push('The catalog and the models name no such owner, or nothing of theirs is loaded.');
  if (good < all && open.length === 0) lines.push('`lake health` says which tables are not, and why.');
  if (period === 'weekly') {
    const since = (at: string | undefined) => at !== undefined && now - Date.parse(at) < WEEK_MS;
    const opened = known.filter(({ openedAt }) => since(openedAt)).length;
    const over = known.filter(({ resolved }) => since(resolved?.at)).length;
    lines.push(`Incidents in 7 days: ${opened} opened, ${over} resolved.`);
  }
  return { headline, needsLook: open.length > 0 || good < all || all === 0, lines };
}

async function counted(
  lake: FeatureLake,
  owners: readonly string[],
  now: number,
): Promise<{ readonly good: number; readonly all: number }> {
  const publication = await readPublication(lake.platform);
  const ownerOf = await ownersOfTables(lake);
  const datasets = new Map(lake.catalog.datasets.map((dataset) => [dataset.id, dataset]));
  const incidents = (await readIncidents(lake.platform.ledger)).filter(isOpen);
  const names = [...new Set([...datasets.keys(), ...Object.keys(publication?.tables ?? {})])].filter(
    (table) => owners.length === 0 || owners.includes(ownerOf(table) ?? ''),
  );
  const found = names
    .map((table) => {
      const isPublished = publication?.tables[table] !== undefined;
      return healthOf({ table, now, incidents, datasets }, publication?.facts[table], isPublished).status;
    })
    .filter((status) => status !== 'off');
  return {
    good: found.filter((status) => status === 'healthy' || status === 'degraded').length,
    all: found.length,
  };
}
