import { InputError, LakeError } from '../errors.ts';
import { didYouMean } from './nearest.ts';
import { formatProblem, type Problem } from './problem.ts';

/** `campus.yaml` or the catalog cannot be used as written; the message lists every problem of every file. */
export class CampusFileError extends InputError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options: ErrorOptions = {}) {
    const files = new Set(problems.map((p) => p.file));
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(
      `${count} in ${[...files].join(', ')}:\n${problems.map((p) => `  ${formatProblem(p)}`).join('\n')}`,
      {
        ...options,
        hint: 'correct the lines above; nothing was read from a source and nothing was written',
        about: [...files][0],
      },
    );
    this.problems = problems;
  }
}

/** There is no campus.yaml where it was looked for. */
export class CampusMissingError extends InputError {
  constructor(path: string, options: ErrorOptions = {}) {
    super(`there is no campus file at ${path}`, {
      ...options,
      hint: '`lake init` writes a commented one; `--campus <file>` names one that lies elsewhere',
      about: path,
    });
  }
}

export class UnknownDatasetError extends InputError {
  constructor(id: string, known: readonly string[]) {
    super(`the catalog has no dataset "${id}"${didYouMean(id, known)}`, {
      hint: '`lake tables` lists the datasets; `lake discover <source>` adds those that are new at the source',
      about: id,
    });
  }
}

export class UnknownSourceError extends InputError {
  constructor(name: string, known: readonly string[]) {
    super(`campus.yaml has no source "${name}"${didYouMean(name, known)}`, {
      hint: known.length ? `its sources: ${known.join(', ')}` : 'it has none yet: add one under sources:',
      about: name,
    });
  }
}

/** The file is there and cannot be read. */
export class CampusUnreadableError extends LakeError {
  constructor(path: string, options: ErrorOptions) {
    super(`${path} cannot be read: ${(options.cause as NodeJS.ErrnoException).code ?? 'unknown cause'}`, {
      ...options,
      hint: 'check that this user may read it',
      about: path,
    });
  }
}
