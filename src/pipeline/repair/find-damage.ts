import { createHash } from 'node:crypto';
import { LakeError } from '../../errors.ts';
import { listStates } from '../../loads/dataset-state.ts';
import type { LoadManifest } from '../../loads/load.ts';
import { intactManifest } from '../../loads/manifest-document.ts';
import { type DatasetState, versionsOf } from '../../loads/state.ts';
import type { BrokenFile } from '../../ports/query-engine.ts';
import type { Uses } from '../../ports/step.ts';
import type { TableVersion } from '../../ports/tables.ts';
import { NewerFormatError } from '../../state/errors.ts';
import { listModelRecords } from '../model-record.ts';
import {
  currentPublicationId,
  listPublications,
  POINTER,
  type Publication,
  readPublication,
} from '../publication.ts';
import type { Damage, Remedy } from './damage.ts';

type Needs = Uses<'campus' | 'catalog' | 'objects' | 'ledger' | 'engine'>;

export interface FindOptions {
  /** Whether files are read whole and compared with the digests that were kept of them. */
  readonly thorough: boolean;
}

/**
 * Looks at everything that the lake relies on: state records, publication documents, the files of the tables that
 * these name, the manifests and files of the raw zone. Changes nothing.
 */
export async function findDamage(lake: Needs, options: FindOptions): Promise<Damage[]> {
  const documents = await readDocuments(lake);
  const pointer = await pointedTo(lake);
  const shown = pointer === undefined ? undefined : documents.intact.get(pointer);
  const newest = shown ?? newestOf([...documents.intact.values()]);
  const raw = await findRawDamage(lake, options);
  return [
    ...(await damagedRecords(lake, newest)),
    ...publicationDamage(documents, pointer, newest),
    ...(await findBrokenTables(lake, options, documents.intact, raw.broken)),
    ...raw.damage,
  ];
}

interface Documents {
  readonly intact: ReadonlyMap<string, Publication>;
  readonly damaged: readonly string[];
}

async function readDocuments({ platform }: Needs): Promise<Documents> {
  const intact = new Map<string, Publication>();
  const damaged: string[] = [];
  for (const id of await listPublications(platform.objects)) {
    try {
      const publication = await readPublication(platform, id);
      if (publication) intact.set(id, publication);
    } catch (error) {
      // One of a newer format is whole: nothing here may replace it.
      if (error instanceof NewerFormatError || !(error instanceof LakeError)) throw error;
      damaged.push(id);
    }
  }
  return { intact, damaged };
}

/** The id in the pointer; undefined where there is none that can be read. */
async function pointedTo({ platform }: Needs): Promise<string | undefined> {
  if ((await platform.ledger.damaged(POINTER)).length > 0) return undefined;
  return currentPublicationId(platform.ledger);
}

const newestOf = (publications: readonly Publication[]): Publication | undefined =>
  publications.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];

async function damagedRecords({ platform }: Needs, shown: Publication | undefined): Promise<Damage[]> {
  const keys = (await platform.ledger.damaged('')).filter((key) => key !== POINTER);
  return keys.map((key) => {
    const remedy = remedyForRecord(key, shown);
    return { kind: 'record', about: key, found: 'the record cannot be read', remedy };
  });
}

/** What is published of a dataset or model stays in view until the next run has made it again. */
function remedyForRecord(key: string, shown: Publication | undefined): Remedy {
  const [kind, name = ''] = key.split(/\/(.*)/s);
  if (shown && kind === 'dataset' && Object.hasOwn(shown.tables, name)) {
    return { do: 'recover-dataset', dataset: name, publication: shown.id };
  }
  const table = Object.keys(shown?.tables ?? {}).find((one) => one === `campus.${name}`);
  if (shown && kind === 'model' && table !== undefined) {
    return { do: 'recover-model', model: name, table, publication: shown.id };
  }
  return { do: 'drop-record', key };
}

function publicationDamage(
  { intact, damaged }: Documents,
  pointer: string | undefined,
  newest: Publication | undefined,
): Damage[] {
  const found: Damage[] = [];
  const others = intact.size + damaged.length > 0;
  if ((pointer === undefined && others) || (pointer !== undefined && !intact.has(pointer))) {
    const kept = [...intact.values()]
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ id }) => id);
    found.push({
      kind: 'publication',
      about: POINTER,
      found:
        pointer === undefined
          ? 'no readable record names what is shown'
          : `publication ${pointer} cannot be read`,
      remedy: newest
        ? {
            do: 'point-to',
            publication: newest.id,
            kept: [...kept.filter((id) => id !== newest.id), newest.id].slice(-3),
          }
        : { do: 'drop-record', key: POINTER },
    });
  }
  for (const id of damaged) {
    found.push({
      kind: 'publication',
      about: id,
      found: 'the document cannot be read',
      remedy: { do: 'drop-publication', publication: id },
    });
  }
  return found;
}

/**
 * Tables with broken files. What only a publication names is replaced by the next ones: a run builds on what the
 * records name.
 * @param brokenRaw datasets whose raw files cannot make them again
 */
async function findBrokenTables(
  lake: Needs,
  { thorough }: FindOptions,
  publications: ReadonlyMap<string, Publication>,
  brokenRaw: ReadonlySet<string>,
): Promise<Damage[]> {
  const { engine, ledger } = lake.platform;
  const states = (await listStates(ledger)).flatMap(versionsOf);
  const models = (await listModelRecords(ledger)).map(({ version }) => version);
  const published = [...publications.values()].flatMap(({ tables }) => Object.values(tables));
  const datasets = new Set(lake.catalog.datasets.map(({ id }) => id));
  const remedyFor = (table: string): Remedy => {
    if (!datasets.has(table)) return { do: 'nothing', because: 'the next run builds it again' };
    return { do: brokenRaw.has(table) ? 'reload' : 'restage', dataset: table };
  };
  const seen = new Set<string>();
  const found: Damage[] = [];
  const look = async (versions: readonly TableVersion[], remedy: (table: string) => Remedy) => {
    const broken = new Map<string, BrokenFile[]>();
    for (const version of versions) {
      const name = `${version.table} ${JSON.stringify(version.storage)}`;
      if (seen.has(name)) continue;
      seen.add(name);
      const files = await engine.brokenFiles(version, thorough);
      if (files.length > 0) broken.set(version.table, [...(broken.get(version.table) ?? []), ...files]);
    }
    for (const [table, files] of broken) {
      const words = new Map(files.map(({ file, found: what }) => [file, `${file} is ${what}`]));
      found.push({
        kind: 'table',
        about: table,
        found: [...words.values()].join('; '),
        files: [...words.keys()],
        remedy: remedy(table),
      });
    }
  };
  await look([...states, ...models], remedyFor);
  await look(published, () => ({
    do: 'nothing',
    because: 'only a publication names it; those to come do not',
  }));
  return found;
}

/** Of every dataset the loads that wait, and those that its staged table could be made of again. */
async function findRawDamage(
  lake: Needs,
  options: FindOptions,
): Promise<{ damage: Damage[]; broken: ReadonlySet<string> }> {
  const { ledger, objects } = lake.platform;
  const damage: Damage[] = [];
  const broken = new Set<string>();
  const states = new Map((await listStates(ledger)).map((state) => [state.dataset, state]));
  const waiting = new Map<string, DatasetState>();
  for (const state of states.values()) for (const { manifest } of state.pending) waiting.set(manifest, state);
  const keys = new Set([...(await manifestKeys(lake)), ...waiting.keys()]);
  for (const key of [...keys].sort()) {
    const manifest = await readManifest(lake, key);
    const dataset = waiting.get(key)?.dataset ?? manifest?.dataset;
    const found = manifest ? await brokenRawFiles(lake, manifest, options) : [`${key} cannot be read`];
    if (found.length === 0) continue;
    if (dataset !== undefined) broken.add(dataset);
    const remedy: Remedy =
      dataset !== undefined && waiting.has(key)
        ? { do: 'reload', dataset }
        : { do: 'nothing', because: 'its rows are staged; only to make the table again it would be needed' };
    damage.push({ kind: 'raw', about: dataset ?? key, found: found.join('; '), remedy });
  }
  return { damage, broken };

  async function manifestKeys({ campus }: Needs): Promise<string[]> {
    const all = await Promise.all(
      Object.keys(campus.sources).map((source) => objects.list(`raw/${source}/`)),
    );
    return all.flat().filter((key) => /\/_?manifest\.json$/.test(key));
  }
}

async function readManifest({ platform }: Needs, key: string): Promise<LoadManifest | undefined> {
  const text = await platform.objects.getText(key);
  return text === undefined ? undefined : intactManifest(text, key);
}

async function brokenRawFiles(
  { platform }: Needs,
  { files }: LoadManifest,
  { thorough }: FindOptions,
): Promise<string[]> {
  const { objects } = platform;
  const found: string[] = [];
  for (const { key, bytes, sha256 } of files) {
    const there = await objects.head(key);
    if (!there) found.push(`${key} is missing`);
    else if (there.bytes !== bytes) found.push(`${key} is cut short`);
    else if (thorough && sha256 !== undefined) {
      const hash = createHash('sha256');
      try {
        for await (const chunk of await objects.get(key)) hash.update(chunk as Buffer);
      } catch {
        found.push(`${key} is unreadable`);
        continue;
      }
      if (hash.digest('hex') !== sha256) found.push(`${key} is changed`);
    }
  }
  return found;
}
