/** Under this key a stack's template tells of itself, in its `Metadata`. */
export const STACK_NOTE = 'campus-lake';

/**
 * What a teardown must know of a stack. It is read from what was deployed: campus.yaml may say
 * something else by then.
 */
export interface StackNote {
  /** The lake's name. */
  readonly lake: string;
  /** Names of the stacks that it depends on. */
  readonly after: readonly string[];
  /** Deployed with both switches for deleting data: what it holds goes with it. */
  readonly deletesData: boolean;
}
