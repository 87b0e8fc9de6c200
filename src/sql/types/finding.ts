/** Why a statement is refused at one of its nodes, and the way that works in both targets. */
export interface Finding {
  /** Without a capital at its begin and a full stop at its end. */
  readonly what: string;
  readonly portable: string;
  readonly code?: string;
}
