import { LakeError } from '../src/errors.ts';
import { failureOf } from '../src/failure.ts';
import { STEP_FAILED, TRY_AGAIN } from '../src/pipeline/calls.ts';

/** A failure that the ledger holds already; its message is what the history of the execution shows. It has no cause:
 * the runtime prints causes into the log, and a driver's can hold values of rows. */
export class StepFailedError extends Error {
  constructor(error: unknown) {
    const { message, hint } = failureOf(error);
    super(`${message} Next: ${hint}`);
    // Step Functions knows an error by this name.
    this.name = STEP_FAILED;
  }
}

/** The platform failed in passing: the state machine tries again. */
export class TryAgainError extends Error {
  constructor(error: unknown) {
    super(failureOf(error).message);
    this.name = TRY_AGAIN;
  }
}

/** Any other error of a function, reduced to the lake's words: the runtime prints what a function throws. */
export class FunctionError extends Error {
  constructor(error: unknown, step: string) {
    const { message, class: name } = failureOf(error, { step });
    super(message);
    this.name = name;
  }
}

/** A step was ended from outside of its function: by its time, its memory, a lack of rights. */
export class StepLostError extends LakeError {
  constructor(step: string, found: string) {
    super(`${step} did not end: ${found}`, {
      hint: 'Start the state machine again: it continues the run. If it stays, the log of the function says more.',
    });
  }
}

/** The environment of a function lacks what the stacks write into it. */
export class FunctionSetupError extends LakeError {}
