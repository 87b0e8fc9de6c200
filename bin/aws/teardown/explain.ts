/** A resource that would not go, in CloudFormation's words and in ours. */
export interface Stuck {
  readonly id: string;
  readonly type: string;
  readonly reason: string;
  /** What to do. */
  readonly next: string;
}

/** What services answer when something cannot be deleted, and what helps. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /not empty|BucketNotEmpty/i,
    'something has written into the bucket since it was emptied: take the lake down again',
  ],
  [
    /attached to entities|DeleteConflict|must detach/i,
    'a role or permission set of your people uses the policy: take it off there, then take the lake down again',
  ],
  [
    /dependent object|DependencyViolation|has dependencies|currently in use|network ?interface/i,
    'a service still has an address in the network, for up to 40 minutes after it is gone: wait, then take the lake down again',
  ],
  [
    /replication task|InvalidResourceState/i,
    'DMS is still at work on it: wait some minutes, then take the lake down again',
  ],
  [
    /access ?denied|not authorized|AccessDenied|Unauthorized/i,
    'the role that takes the lake down may not do this: use the one that deployed it',
  ],
  [
    /deletion ?protection/i,
    'its deletion protection is on: somebody has set it by hand; take it off, then take the lake down again',
  ],
  [/throttl|rate exceeded|too many requests/i, 'AWS asks for patience: take the lake down again later'],
];

const OTHERWISE = 'fix what it says, then run the teardown again';

export function nextFor(reason: string): string {
  return REMEDIES.find(([pattern]) => pattern.test(reason))?.[1] ?? OTHERWISE;
}
