import { InputError, LakeError } from '../errors.ts';

/** A request about one person cannot be carried out as it was given. */
export class SubjectError extends InputError {}

/** The student whose data shall be erased is under a hold. */
export class HeldError extends InputError {}

/** After an erasure the lake still holds something of the person, so no certificate is issued. */
export class ErasureIncompleteError extends LakeError {}

/** The register of erasures is not as it was written: a certificate was changed or removed. */
export class RegisterDamagedError extends LakeError {}
