import { InputError, LakeError } from '../errors.ts';

/** There is nothing to learn from, or nothing to judge by: the message says what was looked for. */
export class NoPastTermsError extends InputError {}

/** A stored model, or the campus's models folder, is not what early warning needs. */
export class EarlyWarningError extends LakeError {}

/** `campus.yaml` names a fact about students that the lake does not hold. */
export class AuditError extends InputError {}

/** The fit did not settle. */
export class NotConvergedError extends LakeError {
  constructor(cases: number, steps: number) {
    super(`Early warning's model did not settle in ${steps} steps over ${cases} cases.`, {
      hint: 'the measures may hold values that are no numbers: `lake query "SELECT * FROM campus.early_warning_features"`',
    });
  }
}

/** A model from elsewhere cannot be used as its file is written, or there is none of the name. */
export class BroughtModelError extends InputError {}

/** No model of that name is kept in the lake. */
export class UnknownModelError extends InputError {}
