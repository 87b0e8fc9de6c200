import { createHash } from 'node:crypto';
import type { Json } from '../json.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { RegisterDamagedError } from './errors.ts';
import type { PlannedTable } from './register.ts';

/** A place that was looked at after the erasure, and how. */
export type VerifiedPlace = {
  readonly zone:
    | 'raw'
    | 'staged'
    | 'curated'
    | 'publications'
    | 'warehouse'
    | 'versions'
    | 'documents'
    | 'ledger';
  readonly place: string;
  /** How it was asked, in SQL or in words. It names nobody. */
  readonly asked: string;
  /** What was found. */
  readonly answer: string;
  /** SHA-256 of each file that was decoded, by its key. Default: none was. */
  readonly files?: { readonly [key: string]: string };
};

/** What stays although the erasure is complete, why, and until when. */
export type Exception = { readonly what: string; readonly why: string; readonly until: string };

/** The proof of one erasure. It holds no number, no name and no value of the person. */
export type Certificate = {
  readonly format: 1;
  readonly sequence: number;
  readonly campus: string;
  readonly request: string;
  /** Keyed digest of the number by which the erasure was asked for. */
  readonly subject: string;
  /** By how many numbers and keys the person was known, and how many digests keep the person out. */
  readonly numbers: number;
  readonly suppressed: number;
  readonly confirmedBy: string;
  readonly confirmedAt: string;
  readonly issuedAt: string;
  /** The run that built and published everything without the person. */
  readonly run: string;
  /** Digest of the catalog by whose rules it was done. */
  readonly rules: string;
  readonly found: readonly PlannedTable[];
  readonly verified: readonly VerifiedPlace[];
  readonly exceptions: readonly Exception[];
  /** Hash of the certificate before; 64 zeros in the first. */
  readonly previous: string;
  readonly hash: string;
};

const FOLDER = 'certificates/';
const FIRST = '0'.repeat(64);

export const certificateKey = (sequence: number): string =>
  `${FOLDER}${String(sequence).padStart(6, '0')}.json`;

export const htmlKey = (sequence: number): string => certificateKey(sequence).replace(/json$/, 'html');

/** SHA-256 over a certificate without its own hash, with its fields in the order of their names. */
export function hashOf({
  hash: _own,
  ...rest
}: Omit<Certificate, 'hash'> & { readonly hash?: string }): string {
  return createHash('sha256')
    .update(canonical(rest as unknown as Json))
    .digest('hex');
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field as Json)}`)
    .join(',')}}`;
}

export async function readCertificates(register: ObjectStore): Promise<Certificate[]> {
  const keys = (await register.list(FOLDER)).filter((key) => key.endsWith('.json'));
  const found: Certificate[] = [];
  for (const key of keys) {
    try {
      found.push(JSON.parse((await register.getText(key)) ?? '') as Certificate);
    } catch (cause) {
      throw damaged(`The certificate ${key} cannot be read`, cause);
    }
  }
  return found;
}

/** Where the chain ends, as it is kept in the ledger too: a certificate that was cut off its end is missed. */
export type ChainHead = { readonly sequence: number; readonly hash: string };

/**
 * Recomputes the chain of certificates.
 * @param head where the ledger says that it ends. Absent: no lake remembers it
 * @returns its end; undefined where there is none
 * @throws RegisterDamagedError at the first certificate that is not as it was issued
 */
export async function verifyChain(register: ObjectStore, head?: ChainHead): Promise<ChainHead | undefined> {
  let previous = FIRST;
  let sequence = 0;
  for (const certificate of await readCertificates(register)) {
    sequence += 1;
    if (certificate.sequence !== sequence) throw damaged(`Certificate ${sequence} is missing`);
    if (certificate.previous !== previous)
      throw damaged(`Certificate ${sequence} does not follow the one before`);
    if (hashOf(certificate) !== certificate.hash)
      throw damaged(`Certificate ${sequence} is not as it was issued`);
    previous = certificate.hash;
    if (head?.sequence === sequence && head.hash !== previous) {
      throw damaged(`Certificate ${sequence} is not the one that the ledger remembers`);
    }
  }
  if (head && head.sequence > sequence) throw damaged(`Certificate ${head.sequence} is missing`);
  return sequence === 0 ? undefined : { sequence, hash: previous };
}

const damaged = (what: string, cause?: unknown): RegisterDamagedError =>
  new RegisterDamagedError(`${what}: the register of erasures was changed.`, {
    about: 'register',
    cause,
    hint: 'restore the register from a backup, and find out who changed it',
  });

/** Adds a certificate to the chain. */
export async function issueCertificate(
  register: ObjectStore,
  statement: Omit<Certificate, 'format' | 'sequence' | 'previous' | 'hash'>,
): Promise<Certificate> {
  const head = await verifyChain(register);
  const unsigned = {
    format: 1 as const,
    sequence: (head?.sequence ?? 0) + 1,
    ...statement,
    previous: head?.hash ?? FIRST,
  };
  const certificate: Certificate = { ...unsigned, hash: hashOf(unsigned) };
  await register.putText(certificateKey(certificate.sequence), `${JSON.stringify(certificate, null, 2)}\n`);
  return certificate;
}
