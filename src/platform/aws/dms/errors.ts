import { LakeError } from '../../../errors.ts';

/** DMS could not copy the SIS at all; where single tables failed, they say so themselves. */
export class ReplicationError extends LakeError {}
