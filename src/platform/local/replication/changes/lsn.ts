/** A place in PostgreSQL's log, as the server writes it: `16/B374D848`. */
export function parseLsn(text: string): bigint {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

export function lsnText(lsn: bigint): string {
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase();
}

/**
 * The place of a change among all, as DMS writes it into `dms_change_seq`: 35 digits that sort as text. The places of
 * messages within a transaction do not rise from one transaction to the next; those of commits do.
 * @param nth the number of the change in its transaction
 */
export const sequenceOf = (commitLsn: bigint, nth: number): string =>
  String(commitLsn).padStart(20, '0') + String(nth).padStart(15, '0');

export function earlier(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function later(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}
