/** What became of a message for one receiver of a notifier. */
export type Fate =
  | { readonly status: 'sent' }
  /** Asking again is of no use: an address that does not exist, a wrong password. */
  | { readonly status: 'failed'; readonly error: string }
  /** The receiver asked to come again later, as greylisting does. */
  | { readonly status: 'deferred'; readonly error: string };

/** Fates by receiver; see `Notifier.receivers`. */
export type Fates = ReadonlyMap<string, Fate>;
