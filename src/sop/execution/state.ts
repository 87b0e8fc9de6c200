import { z } from 'zod';
import type { Json } from '../../json.ts';
import type { DocumentKind } from '../../state/document.ts';
import { fieldsOf, instant, maybeText, text, word } from '../../state/parts.ts';

/** Who decided something, as which role. `rule`: a criterion of the procedure. */
export type Decider = { readonly by: string; readonly role: string };

/** What a step gave. By its place in the execution, such as `7[2].1`: step 1 in the third round of the loop 7. */
export type Outcome = {
  readonly path: string;
  readonly kind: 'call' | 'ask' | 'judge';
  /** Digest of what it was given, by the key of this execution: it is used again as long as that is the same. */
  readonly inputs: string;
  readonly at: string;
  /** The tool; the name of an answer. */
  readonly name: string;
  /** Of a call: the same for every attempt at it. */
  readonly key: string;
  /** `begun`: a process was about to do it. `unknown`: it died meanwhile, and a person has to say whether it was done. */
  readonly state: 'begun' | 'unknown' | 'done';
  readonly holder?: Holder;
  readonly value?: Json;
  readonly query?: string;
  readonly ms?: number;
  readonly acts?: boolean;
  readonly decided?: Decider;
  /** Used again whatever it was given: what it was given has been erased. */
  readonly settled?: boolean;
};

/** The process that does a step. */
export type Holder = { readonly host: string; readonly pid: number; readonly nonce: string };

/** An answer that nobody has used yet. */
export type GivenAnswer = Decider & { readonly value: Json; readonly at: string };

export type RunStatus = 'running' | 'waiting' | 'failed' | 'ended';

/** An execution of a procedure. It can hold personal data, so it lies among the objects, not in the ledger. */
export type RunState = {
  readonly id: string;
  readonly procedure: string;
  /** The texts by which it is carried out, whatever becomes of the files: its own and those it sees, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly hash: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly startedBy: Decider;
  readonly startedAt: string;
  /** For digests: a number of a person could be guessed by a plain one. */
  readonly digestKey: string;
  readonly status: RunStatus;
  /** The places of the steps that are under way, outermost first. */
  readonly stack: readonly string[];
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** By place or by name. */
  readonly answers: Readonly<Record<string, GivenAnswer>>;
  /** What was done or answered and does not count any more, since something it depends on was changed. */
  readonly superseded: readonly Outcome[];
  /** Ids of rows of the log that are written. */
  readonly logged: readonly string[];
  readonly decision?: string;
  readonly because?: string;
  readonly endedAt?: string;
  readonly failure?: { readonly code: string; readonly message: string; readonly path: string };
};

const anyFields = z.record(text, z.unknown());

export const RUN_STATE: DocumentKind = {
  what: 'execution of a procedure',
  migrations: [],
  schema: fieldsOf<RunState>({
    id: word,
    procedure: word,
    texts: z.record(text, text),
    hash: word,
    args: anyFields,
    startedBy: z.looseObject({ by: text, role: text }),
    startedAt: instant,
    digestKey: word,
    status: z.enum(['running', 'waiting', 'failed', 'ended']),
    stack: z.array(text),
    outcomes: z.record(text, z.looseObject({ path: text, inputs: text, state: text })),
    answers: anyFields,
    superseded: z.array(z.looseObject({ path: text })),
    logged: z.array(text),
    decision: maybeText,
    because: maybeText,
    endedAt: instant.optional(),
    failure: z.looseObject({ code: text, message: text, path: text }).optional(),
  }),
  whenDamaged: 'Start the procedure again: `lake procedure run`.',
};
