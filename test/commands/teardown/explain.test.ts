import { describe, expect, it } from 'vitest';
import { nextFor } from '../../../bin/aws/teardown/explain.ts';

/** What services have said when something could not be deleted, and a word of what helps. */
const SAID: [reason: string, next: string][] = [
  ['The bucket you tried to delete is not empty (Service: S3, Status Code: 409)', 'written into the bucket'],
  ['Cannot delete a policy attached to entities. (Service: Iam, Status Code: 409)', 'take it off there'],
  ['resource sg-0a1b has a dependent object (Service: Ec2, Status Code: 400)', 'for up to 40 minutes'],
  ['Network interface eni-1 is currently in use.', 'for up to 40 minutes'],
  ['Replication instance is being used by one or more replication tasks', 'DMS is still at work'],
  ['User: arn:aws:iam::1:user/x is not authorized to perform: kms:ScheduleKeyDeletion', 'may not do this'],
  ['Resource cannot be deleted as it is currently protected: deletion protection', 'set it by hand'],
  ['Rate exceeded', 'asks for patience'],
  ['Something else', 'fix what it says'],
];

describe('What holds a teardown up', () => {
  it.each(SAID)('%s', (reason, next) => {
    expect(nextFor(reason)).toContain(next);
  });
});
