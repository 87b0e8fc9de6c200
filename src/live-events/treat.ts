import { createHash } from 'node:crypto';
import type { CatalogDataset } from '../campus/campus.ts';
import type { CampusFile } from '../campus/campus-schema.ts';
import type { Json } from '../json.ts';
import { proposePrivacy } from '../privacy/propose.ts';
import { type PseudonymKeys, pseudonymOf } from '../privacy/pseudonym.ts';
import { pseudonymNamespaceOf, treatmentOf } from '../privacy/treatment.ts';
import type { ReceivedEvent } from './envelope.ts';
import { bodyField, isId, metadataField } from './fields.ts';
import { dapId, type IdForm, shardOf } from './ids.ts';

type Fields = { readonly [name: string]: Json };

/** An event as the log keeps it: ids as in DAP, and of people only what the catalog lets in. */
export type KeptEvent = {
  readonly source: string;
  readonly name: string;
  /** Epoch ms. */
  readonly time: number;
  /** The same for every delivery of one event. */
  readonly id: string;
  readonly metadata: Fields;
  readonly body: Fields;
};

export interface Treatments {
  readonly source: string;
  readonly campus: Pick<CampusFile, 'privacy'>;
  /** Of the source. */
  readonly datasets: readonly CatalogDataset[];
  readonly keys: PseudonymKeys;
  /** Default: local. */
  readonly ids?: IdForm;
}

type Treat = (value: Json) => Json | undefined;

/**
 * Treats what is about people before anything is kept. A field counts as the column that it stands for
 * (`src/live-events/fields.ts`), and one that is not known as a new column of its name would. Where only a masked form of a
 * column is stored, the field is left out: masks are made by the engine.
 */
export class EventTreatment {
  readonly #given: Treatments;
  readonly #known = new Map<string, Treat>();

  constructor(given: Treatments) {
    this.#given = given;
  }

  treat(event: ReceivedEvent): KeptEvent {
    const shard = shardOf(event.metadata.root_account_id);
    const metadata = this.#fields(event.metadata, shard, (name) => metadataField(name) ?? 'left out');
    const body = this.#fields(event.body, shard, bodyField);
    const { source } = this.#given;
    return { source, name: event.name, time: event.time, id: idOf(event), metadata, body };
  }

  #fields(fields: Fields, shard: bigint | undefined, columnOf: (name: string) => string | undefined): Fields {
    const kept: [string, Json][] = [];
    for (const [name, given] of Object.entries(fields)) {
      const column = columnOf(name);
      if (column === 'left out' || given === null) continue;
      const value = isId(name) ? (dapId(given, shard, this.#given.ids) ?? given) : given;
      const treated = this.#treatmentOf(name, column)(value);
      const left = isNested(treated) ? this.#nested(treated, shard) : treated;
      if (left !== undefined) kept.push([name, left]);
    }
    return Object.fromEntries(kept);
  }

  #nested(value: Json, shard: bigint | undefined): Json {
    if (Array.isArray(value)) return value.map((one) => this.#nested(one, shard));
    return isNested(value) ? this.#fields(value as Fields, shard, bodyField) : value;
  }

  #treatmentOf(name: string, column: string | undefined): Treat {
    const key = `${name} ${column ?? ''}`;
    const known = this.#known.get(key);
    if (known) return known;
    const made = column === 'plain' ? (value: Json) => value : this.#make(name, column);
    this.#known.set(key, made);
    return made;
  }

  #make(name: string, stands: string | undefined): Treat {
    const { campus, datasets, keys } = this.#given;
    const [table = '', at = ''] = stands?.split('.') ?? [];
    const described = datasets
      .find((dataset) => dataset.table === table)
      ?.columns.find((column) => column.name === at);
    const proposed = described ?? {
      name: at || name,
      privacy: proposePrivacy({
        source: 'canvas',
        table: table || 'live_events',
        name: at || name,
        type: 'varchar',
      }).privacy,
    };
    const isKnown = described !== undefined || proposed.privacy === 'none';
    // Nobody has decided on a field of which only the name is known: what names a person or says much is left out.
    const isLeftOut =
      !isKnown &&
      (campus.privacy.undecided !== 'allow' ||
        (stands === undefined && !['quasi', 'education'].includes(proposed.privacy)));
    const treatment = isLeftOut ? 'exclude' : treatmentOf(campus, proposed);
    if (treatment === 'keep') return (value) => value;
    if (treatment !== 'pseudonym' || keys.length === 0) return () => undefined;
    const kind = pseudonymNamespaceOf(proposed);
    return (value) =>
      value === null || isNested(value) ? undefined : pseudonymOf(String(value), kind, keys);
  }
}

const isNested = (value: Json | undefined): value is Json => typeof value === 'object' && value !== null;

/**
 * Canvas's own format has no id of an event: name, time, request and content tell whether two deliveries are one. It is made
 * of what was delivered, and is a digest, so that it tells nothing of it.
 */
export function idOf({ id, name, time, metadata, body }: ReceivedEvent): string {
  const told = id ?? [name, time, metadata.request_id ?? metadata.job_id ?? null, canonical(body)];
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 32);
}

function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isNested(value)) return value;
  const fields = Object.entries(value as Fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, one]) => [name, canonical(one)]));
}

/** By whom an event keeps its order: the student, else who did it, else the account. */
export const logKeyOf = ({ body, metadata, source }: KeptEvent): string =>
  String(body.user_id ?? body.student_id ?? metadata.user_id ?? source);
