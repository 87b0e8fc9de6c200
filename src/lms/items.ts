/** What the steps of an LMS load hand on: one dataset of one run. All else is in the ledger. */
export type LmsItem = { readonly run: string; readonly dataset: string };

/** `again`: back to `lms-start`, the job is of no use any more. */
export type LmsDone =
  | { readonly run: string; readonly dataset: string; readonly done: true }
  | { readonly run: string; readonly dataset: string; readonly done: true; readonly again: true };

export const done = ({ run, dataset }: LmsItem) => ({ run, dataset, done: true }) as const;
export const again = ({ run, dataset }: LmsItem) => ({ run, dataset, done: true, again: true }) as const;
