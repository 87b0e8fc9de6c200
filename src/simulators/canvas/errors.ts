import { InputError } from '../../errors.ts';

/** A fault script names a failure that the simulator does not know. */
export class UnknownFaultError extends InputError {
  constructor(what: string) {
    super(`The Canvas simulator knows no fault "${what}".`, {
      hint: 'Take one of FAULT_KINDS, or GET /_simulator/faults for the list.',
    });
  }
}

/** A request to the control door does not make sense. */
export class ControlError extends InputError {}
