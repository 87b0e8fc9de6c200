/** Looks at the raw files of a SIS themselves, whatever the catalog says of them: a Glue crawler on AWS. */
export interface DriftDetector {
  /** Begins to look, where it is time to; repeated, it goes on. @returns whether somebody looks */
  start(request: DriftRequest): Promise<boolean>;
  /** @returns no tables where it was not yet time to look */
  poll(
    request: DriftRequest,
  ): Promise<
    | { readonly done: false; readonly retryAfterSeconds: number }
    | { readonly done: true; readonly tables?: readonly FoundTable[] }
  >;
}

export interface DriftRequest {
  /** The source's name in `campus.yaml`. */
  readonly source: string;
  /** Key prefix under which `schema/table/…` lie, `/` at the end. */
  readonly prefix: string;
}

/** A table as its files show it. Types are in the target's own words: good to be compared with each other. */
export interface FoundTable {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
