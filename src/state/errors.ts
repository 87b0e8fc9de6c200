import { LakeError } from '../errors.ts';
import type { DocumentKind } from './document.ts';

/** A document was written by a newer version of the lake, in a format that this one does not know. */
export class NewerFormatError extends LakeError {
  /** @param place where the document lies: a key of the ledger or of the object store */
  constructor(what: string, place: string, found: number, known: number) {
    super(
      `The ${what} ${place} has format ${found}; this version of campus-lake reads formats up to ${known}.`,
      {
        about: place,
        hint: 'A newer version wrote it: update this installation (`npm ci` after pulling), and run again. Nothing was changed.',
      },
    );
  }
}

/** A document is not what its format says. The message names the field, never its value. */
export class DamagedDocumentError extends LakeError {
  /** Which field is wrong, and how, e.g. `pending[0].load: expected string`. */
  readonly fault: string;

  constructor({ what, whenDamaged }: DocumentKind, place: string, fault: string) {
    super(`The ${what} ${place} is damaged: ${fault}.`, {
      about: place,
      hint: `The disk failed, or it was changed from outside. ${whenDamaged ?? 'Restore it from a backup.'}`,
    });
    this.fault = fault;
  }
}
