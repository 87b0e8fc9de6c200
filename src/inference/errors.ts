import { LakeError } from '../errors.ts';

/** A model did not answer in time, over all attempts. */
export class ModelTimeoutError extends LakeError {
  protected override get passing() {
    return true;
  }
}

/** A model answered with something that is no score for each row. */
export class ModelAnswerError extends LakeError {}

/** A model's endpoint could not be reached, or refused the call. `retryable` says which. */
export class ModelEndpointError extends LakeError {}

/** The operator has ended, or what takes its outcomes has failed. */
export class OperatorEndedError extends LakeError {}
