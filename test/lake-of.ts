import type { Platform } from '../src/ports/platform.ts';
import type { Lake, LakePart, Uses } from '../src/ports/step.ts';

/** The parts that a test gives: of the campus, a dataset or an adapter it gives only what matters to it. */
interface Given {
  readonly campus?: object;
  readonly catalog?: object;
  readonly session?: Lake['session'];
  readonly features?: Lake['features'];
  readonly report?: object;
  readonly signal?: AbortSignal;
  readonly lms?: Lake['lms'];
  readonly platform?: { readonly [Part in keyof Platform]?: Platform[Part] | object };
}

type PartsOf<Of> = Extract<keyof Of | (Of extends { platform: infer P } ? keyof P : never), LakePart>;

const SESSION: Lake['session'] = {
  principal: 'test',
  role: 'administrator',
  attributes: {},
  purpose: 'pipeline',
};

/**
 * A lake of the parts that a test gives, and of a session, a signal and a report that goes nowhere. Its type names these parts only: a step that
 * uses another one does not compile with it.
 */
export function lakeOf<Of extends Given>(given: Of): Uses<PartsOf<Of> | 'session' | 'signal' | 'report'> {
  const report: Lake['report'] = { note: () => {}, progress: () => {} };
  const lake = { session: SESSION, signal: new AbortController().signal, report, ...given };
  return lake as unknown as Uses<PartsOf<Of> | 'session' | 'signal' | 'report'>;
}

/** A lake of some parts for work that takes a whole one, and uses no others. */
export const wholeLake = (parts: Uses<'session'>): Lake => parts as unknown as Lake;
