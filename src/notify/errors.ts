import { LakeError } from '../errors.ts';

/** A message that could not be delivered. Its text never holds the address, which is a secret for webhooks. */
export class NotifyError extends LakeError {}
