import type { Answer } from '../answer.ts';
import type { ApiParts } from '../api.ts';
import type { Call } from '../call.ts';
import { UnknownFaultError } from '../errors.ts';
import type { Fault, FaultKind } from './fault.ts';
import { FAULT_KINDS, type FaultName } from './fault-kinds.ts';
import { type Subject, subjectOf } from './subject.ts';

interface Planned {
  readonly fault: Fault<FaultName>;
  readonly kind: FaultKind;
  matched: number;
  struck: number;
}

/** A strike that happened. */
export interface Struck {
  readonly what: FaultName;
  readonly endpoint: Call['endpoint'];
  readonly namespace?: string;
  readonly table?: string;
  /** Epoch ms of the simulator's clock. */
  readonly at: number;
}

/** The list of faults to come; each strikes at its moment, at most one in a call. Deterministic from its seed. */
export class FaultScript {
  readonly #planned: Planned[] = [];
  readonly #struck: Struck[] = [];
  #seed: number;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  /** @throws UnknownFaultError */
  add(...faults: readonly Fault<FaultName>[]): void {
    for (const fault of faults) {
      const kind = FAULT_KINDS.find((k) => k.what === fault.what);
      if (!kind) throw new UnknownFaultError(fault.what);
      this.#planned.push({ fault, kind, matched: 0, struck: 0 });
    }
  }

  /** Forgets what is planned; what has happened stays on record. */
  clear(): void {
    this.#planned.length = 0;
  }

  /** Every strike so far, oldest first. */
  get struck(): readonly Struck[] {
    return this.#struck;
  }

  /** Answers a call, rightly or as the fault whose moment it is has it. @throws ApiError */
  async answer(parts: ApiParts, call: Call, carryOn: () => Promise<Answer>): Promise<Answer> {
    const subject = this.#planned.length > 0 ? subjectOf(parts, call) : {};
    const planned = this.#planned.find((p) => this.#isDue(p, call, subject, parts.now()));
    if (!planned) return carryOn();
    planned.struck += 1;
    const { namespace, table } = subject;
    const what = planned.fault.what;
    this.#struck.push({ what, endpoint: call.endpoint, namespace, table, at: parts.now() });
    return planned.kind.strike({ fault: planned.fault, call, parts, carryOn });
  }

  #isDue(planned: Planned, call: Call, subject: Subject, now: number): boolean {
    const { fault, kind } = planned;
    const when = fault.when ?? {};
    const matches =
      kind.endpoints.includes(call.endpoint) &&
      (when.endpoint === undefined || when.endpoint === call.endpoint) &&
      (when.namespace === undefined || when.namespace === subject.namespace) &&
      (when.table === undefined || when.table === subject.table) &&
      (when.load === undefined || when.load === subject.load) &&
      (!kind.onlyIncrements || subject.load === 'increment') &&
      (when.after === undefined || now >= when.after);
    if (!matches) return false;
    planned.matched += 1;
    if (planned.matched < (when.nth ?? 1)) return false;
    const times = when.times === undefined ? 1 : (when.times ?? Number.POSITIVE_INFINITY);
    if (planned.struck >= times) return false;
    return when.probability === undefined || this.#random() < when.probability;
  }

  /** A number from 0 to 1 (mulberry32, public domain). */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
}
