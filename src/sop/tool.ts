import type { Json } from '../json.ts';
import type { Type } from './language/types.ts';

/** What a tool has to be given. */
export interface Parameter {
  readonly type: Type;
  readonly about: string;
  /** Default: it must be given. */
  readonly optional?: boolean;
  /** Whether it stands in the procedure as it is, with no value of an execution in it, as a statement does. Default: no. */
  readonly written?: boolean;
}

/** What a procedure may call, as the linter and the planner know it. */
export interface ToolSpec {
  /** In kebab-case; `@name(…)` calls it. */
  readonly name: string;
  readonly about: string;
  /** By name, in the order in which they may be given without one. */
  readonly takes: Readonly<Record<string, Parameter>>;
  /** Whether it takes other named arguments besides. Default: no. */
  readonly takesMore?: boolean;
  readonly gives: Type;
  /** The roles that may call it. `any`: every role, since it shows each what that role may see. */
  readonly roles: 'any' | readonly string[];
  /** Whether it changes something. One that does is called only with somebody's approval. */
  readonly acts: boolean;
  /**
   * What happens when a process died while it worked. `safe`: it is called again, since it only reads. `by-key`: it is
   * called again with the same key, by which it does nothing twice. `ask`: a person says whether it was done.
   */
  readonly again: 'safe' | 'by-key' | 'ask';
}

/** One call, as a tool is given it. */
export interface Call {
  readonly args: Readonly<Record<string, Json>>;
  /** The same for every attempt at this call, and for no other call. */
  readonly key: string;
  /** Who approved it, with the role. Absent for a tool that does not act. */
  readonly approvedBy?: { readonly by: string; readonly role: string };
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly value: Json;
  /** What was asked, as it was asked, without values: a statement, a path. For the log. */
  readonly query?: string;
}

/** A tool that can be called. */
export interface Tool extends ToolSpec {
  /** @throws LakeError where it cannot be done */
  run(call: Call): Promise<Answer>;
}
