/** A queue of another party, from which messages are taken: each comes at least once, in no order. */
export interface EventQueue {
  /**
   * Waits for messages, up to 20 s.
   * @returns up to ten; none where nothing came. What is not removed comes again after a while
   * @throws EventQueueError
   */
  receive(signal: AbortSignal): Promise<readonly QueuedMessage[]>;
  /** Removes messages that are kept elsewhere. @throws EventQueueError */
  remove(messages: readonly QueuedMessage[]): Promise<void>;
}

export interface QueuedMessage {
  /** Names this taking of the message. */
  readonly receipt: string;
  readonly body: string;
}
