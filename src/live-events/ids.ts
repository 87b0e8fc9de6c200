import type { Json } from '../json.ts';

/** Ids of a shard: the shard's number times this, plus the local id (canvas-lms, gems/switchman). */
const SHARD = 10_000_000_000_000n;

/** The shard of a root account whose id is global; undefined of a local one. */
export function shardOf(rootAccount: Json | undefined): bigint | undefined {
  const id = numberOf(rootAccount);
  return id !== undefined && id >= SHARD ? id / SHARD : undefined;
}

/** How DAP gives ids of the own shard; those of another shard are global in any case. */
export type IdForm = 'local' | 'global';

/**
 * An id as DAP gives it. `7~42` is how addresses write local 42 of shard 7.
 * @param shard the own shard. Undefined: it is not known, and a global id is taken for one of it
 * @returns undefined for what is no id
 */
export function dapId(
  id: Json | undefined,
  shard: bigint | undefined,
  form: IdForm = 'local',
): string | undefined {
  const number = numberOf(id);
  if (number === undefined) return undefined;
  if (form === 'global')
    return String(number < SHARD && shard !== undefined ? shard * SHARD + number : number);
  if (number < SHARD) return String(number);
  return shard === undefined || number / SHARD === shard ? String(number % SHARD) : String(number);
}

function numberOf(id: Json | undefined): bigint | undefined {
  if (typeof id === 'number') return Number.isSafeInteger(id) && id > 0 ? BigInt(id) : undefined;
  if (typeof id !== 'string') return undefined;
  const short = /^(\d{1,6})~(\d{1,13})$/.exec(id);
  if (short) return BigInt(short[1]!) * SHARD + BigInt(short[2]!);
  return /^\d{1,19}$/.test(id) && BigInt(id) > 0n ? BigInt(id) : undefined;
}
