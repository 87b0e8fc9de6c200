/**
 * Logs of events: what happens is appended, and every reader goes on from where it was. A log promises what files of one
 * machine and Kinesis both keep, and no more:
 *
 * - What `append` has answered is on the disk: no kill and no loss of power takes it back.
 * - Events of one key are in one partition, in the order in which they were appended. Between keys there is no order.
 * - Reading is at least once: an event whose append was not answered may be there all the same, and a reader that goes on
 *   from an older position gets events again.
 * - Positions are texts that only the log of that partition understands. None is used twice, even where a log has lost
 *   what was never acknowledged.
 */
export interface EventLogs {
  /** Reads a log, also while another process writes it. One that was never written has no partitions. */
  openReader(log: string): Promise<EventReader>;
  /**
   * Opens a log for writing. One process at a time writes it.
   * @throws EventLogInUseError while another one does
   */
  openWriter(log: string): Promise<EventWriter>;
  /** The logs that there are, in the order of their names. */
  list(): Promise<string[]>;
}

/** What is appended. */
export interface NewEvent {
  /** Events of one key stay in their order. */
  readonly key: string;
  readonly value: string;
}

/** An event of the log. */
export interface LoggedEvent extends NewEvent {
  readonly position: string;
  /** When it was appended, epoch ms, by the clock of the log. */
  readonly at: number;
}

export interface EventBatch {
  readonly events: readonly LoggedEvent[];
  /** From where to read on. Absent: nothing was ever read. */
  readonly next?: string;
}

export interface EventReader {
  /** In the order of their names. Their number may grow, on Kinesis by splitting. */
  partitions(): Promise<string[]>;
  /**
   * The events after a position, oldest first; none where nothing has come. A position whose events were truncated
   * meanwhile goes on with the oldest there are.
   * @param after the `next` of the last batch, or the position of an event. Default: from the oldest event
   * @param most events in the batch; it may hold fewer. Default: 1,000
   * @throws EventLogDamagedError where events that were acknowledged cannot be read
   */
  read(partition: string, after?: string, most?: number): Promise<EventBatch>;
}

export interface EventWriter extends EventReader {
  /**
   * Appends events, in their order. Appends that are under way at once share a write to the disk.
   * @throws RangeError for an event of more than 16 MB
   * @throws EventLogUnusableError where the disk refuses; none or some of the events may be read later
   */
  append(events: readonly NewEvent[]): Promise<void>;
  /** Removes events appended before an instant (epoch ms), in whole segments: some older ones may stay for a while. */
  truncate(before: number): Promise<void>;
  /**
   * Takes out or replaces events, such as those of a person who is erased. Positions of the others stay.
   * @param change the value that takes the place of the event's; undefined: the event goes. The same text: it stays as it is
   * @returns how many events were changed
   */
  rewrite(change: (event: LoggedEvent) => string | undefined): Promise<number>;
  /** Ends what is under way. Another process may write then. */
  close(): Promise<void>;
}
