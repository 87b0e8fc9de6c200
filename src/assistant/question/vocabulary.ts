/** Names that a question can mean, of those that the asker may know of. */
export interface Vocabulary {
  /** `database.table` */
  readonly tables: readonly string[];
  /** By their names in campus.yaml. */
  readonly sources: readonly string[];
  /** Columns, each with the tables that have it. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
  readonly incidents: readonly string[];
  readonly runs: readonly string[];
  /** IANA zone of the campus. */
  readonly zone: string;
}
