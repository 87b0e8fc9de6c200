import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerConflictError } from '../../ports/errors.ts';
import type { LedgerStore, OpsRow } from '../../ports/ledger.ts';

/** The tables of the ledger whose rows are chained. */
export type ChainedTable = 'access' | 'disclosures';

/** What a row says, without its place in the chain. */
export type ChainedFields = { readonly [column: string]: string | number | null };

/** A row in its place. `seq` counts from 1; `prev` is the hash of the row before, and 64 zeros at the start. */
export type ChainedRow = OpsRow & { readonly seq: number; readonly prev: string; readonly hash: string };

/** The record of the end of a chain. It holds the last row, so writing it is what puts the row on record. */
export type ChainHead = { readonly seq: number; readonly hash: string; readonly row: OpsRow };

export const headKey = (table: ChainedTable): string => `chain/${table}`;
const NOTHING_BEFORE = '0'.repeat(64);
const ID_DIGITS = 12;
const ATTEMPTS = 200;

/**
 * Appends a row to a chain, durably. One conditional write of the head commits it; the row follows into its table. A
 * process that is killed in between leaves a head whose row is missing there, and the next append adds it first.
 * @throws LedgerUnusableError where the ledger cannot be written: then nothing is on record
 */
export async function appendChained(
  ledger: LedgerStore,
  table: ChainedTable,
  fields: ChainedFields,
): Promise<ChainedRow> {
  for (let attempt = 1; ; attempt++) {
    const before = await ledger.read<ChainHead>(headKey(table));
    if (before) await settle(ledger, table, before.value);
    const row = linked(before?.value, fields);
    try {
      await ledger.write<ChainHead>(headKey(table), { seq: row.seq, hash: row.hash, row }, before?.version);
    } catch (error) {
      if (!(error instanceof LedgerConflictError) || attempt === ATTEMPTS) throw error;
      await sleep(Math.random() * Math.min(attempt * 2, 50));
      continue;
    }
    await ledger.append(table, [row]);
    return row;
  }
}

function linked(before: ChainHead | undefined, fields: ChainedFields): ChainedRow {
  const seq = (before?.seq ?? 0) + 1;
  const row = {
    ...fields,
    id: String(seq).padStart(ID_DIGITS, '0'),
    seq,
    prev: before?.hash ?? NOTHING_BEFORE,
  };
  return { ...row, hash: hashOf(row) };
}

async function settle(ledger: LedgerStore, table: ChainedTable, { row }: ChainHead): Promise<void> {
  if ((await ledger.rows(table, row.id)).length === 0) await ledger.append(table, [row]);
}

/** Every row of a chain in order, with the last one where a killed process has left it in the head alone. */
export async function chainedRows(ledger: LedgerStore, table: ChainedTable): Promise<OpsRow[]> {
  // The head first: a row that is appended meanwhile is then one too many, and never one too few.
  const head = await ledger.read<ChainHead>(headKey(table));
  const rows = await ledger.rows(table);
  const isThere = head === undefined || rows.some(({ id }) => id === head.value.row.id);
  return [...rows, ...(isThere ? [] : [head.value.row])].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What a check of a chain has found. */
export interface ChainVerdict {
  readonly rows: number;
  /** The end of the chain, to be kept where nobody who can write the lake can change it: `17:9f86d0…`. */
  readonly checkpoint: string;
  /** In words, by the number of the row. None: nothing was changed since the rows were written. */
  readonly faults: readonly string[];
}

/**
 * Checks a chain: that each row is as it was written, that none is missing, and that it ends where its head says.
 * @param kept a checkpoint of earlier. Without one, a chain whose end was cut off together with its head, or that was
 * written again from the start, passes
 */
export async function verifyChain(
  ledger: LedgerStore,
  table: ChainedTable,
  kept?: { readonly seq: number; readonly hash: string },
): Promise<ChainVerdict> {
  const rows = await chainedRows(ledger, table);
  const head = (await ledger.read<ChainHead>(headKey(table)))?.value;
  const faults: string[] = [];
  let prev = NOTHING_BEFORE;
  let seq = 0;
  for (const row of rows) {
    const at = Number(row.seq);
    if (at !== seq + 1)
      faults.push(at > seq + 1 ? `rows ${seq + 1} to ${at - 1} are missing` : `row ${at} is there twice`);
    else if (row.prev !== prev) faults.push(`row ${at} does not follow the one before`);
    if (row.hash !== hashOf(row)) faults.push(`row ${at} was changed`);
    if (kept?.seq === at && kept.hash !== row.hash) faults.push(`row ${at} is not the one of the checkpoint`);
    prev = String(row.hash);
    seq = at;
  }
  if (head === undefined && rows.length > 0) faults.push('the record of the end of the chain is gone');
  if (head !== undefined && seq < head.seq) faults.push(`rows ${seq + 1} to ${head.seq} are missing`);
  if (head !== undefined && seq === head.seq && head.hash !== prev)
    faults.push(`row ${seq} is not the one with which the chain ends`);
  if (kept !== undefined && kept.seq > seq)
    faults.push(`rows ${seq + 1} to ${kept.seq} of the checkpoint are missing`);
  return { rows: rows.length, checkpoint: `${seq}:${prev}`, faults };
}

/**
 * SHA-256 over every field but the hash, by name, in a form that does not depend on how the ledger stores it: numbers
 * and texts as text, instants to the millisecond, what is empty left out.
 */
function hashOf(row: { readonly [column: string]: unknown }): string {
  const fields = Object.entries(row)
    .filter(([name, value]) => name !== 'hash' && value !== null && value !== undefined)
    .map(([name, value]) => [name, name === 'at' ? new Date(String(value)).toISOString() : String(value)])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
