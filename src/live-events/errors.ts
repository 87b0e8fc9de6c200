import { LakeError } from '../errors.ts';

/** A text that is no live event: not JSON, or without a name or a time. */
export class LiveEventFormError extends LakeError {}

/** A live event whose signature is missing or does not fit: who sent it is not known. */
export class LiveEventSignatureError extends LakeError {}

/** The keys by which live events are signed cannot be fetched. */
export class SigningKeysError extends LakeError {
  protected override get passing(): boolean {
    return true;
  }
}

/** Live events cannot be received at the address that campus.yaml gives. */
export class LiveEventListenError extends LakeError {}
