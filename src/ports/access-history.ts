/** A question that somebody put to a service past the lake, as that service has kept it. */
export interface HistoricAccess {
  /** Of the service, and unique there. */
  readonly id: string;
  /** When it was asked, epoch ms. */
  readonly at: number;
  /** Who asked. Absent: the service does not tell. */
  readonly principal?: string;
  /** For whom the place is in which it was asked: a workgroup. */
  readonly role: string;
  /** `database.table`, as far as the statement can be read. */
  readonly tables: readonly string[];
  readonly outcome: 'answered' | 'stopped' | 'failed';
}

/**
 * What people have asked a service past the lake. It can tell of a question late, and out of order: what was asked
 * within `lateMs` before the newest is told again.
 */
export interface AccessHistory {
  readonly lateMs: number;
  /**
   * Questions that have ended, oldest first.
   * @param since epoch ms: those that were asked from then on
   */
  read(since: number): Promise<readonly HistoricAccess[]>;
}
