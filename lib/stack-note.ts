/** Under this key a stack's template tells of itself, in its `Metadata`. */
export const STACK_NOTE = 'campus-lake';

/**
 * What whoever takes the lake down must know of a stack. It is read from what was deployed: campus.yaml may say
 * something else by then.
 */
export interface StackNote {
  /** The lake's name. */
  readonly lake: string;
  /** Names of the stacks that it stands on. */
  readonly after: readonly string[];
  /** Deployed with both switches for deleting data: what it holds goes with it. */
  readonly deletesData: boolean;
}
