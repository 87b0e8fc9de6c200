import { InputError, LakeError } from '../errors.ts';
import { didYouMean } from './nearest.ts';
import { formatProblem, type Problem } from './problem.ts';
import type { UndecidedColumn } from './undecided.ts';

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

/** campus.yaml describes several lakes on AWS, and nothing says which one is meant. */
export class EnvironmentNeededError extends InputError {
  constructor(known: readonly string[]) {
    super(`campus.yaml describes ${known.length} environments, and none is chosen: ${known.join(', ')}`, {
      hint: `Add --environment ${known[0]}, or set LAKE_ENVIRONMENT; for the CDK, -c environment=${known[0]}.`,
      about: 'environments',
    });
  }
}

/** `privacy.undecided: refuse`, and columns that look sensitive on which nobody has decided. */
export class UndecidedColumnsError extends InputError {
  constructor(undecided: readonly UndecidedColumn[]) {
    const tables = [...new Set(undecided.map(({ dataset }) => dataset))];
    const some = tables.slice(0, 5).join(', ') + (tables.length > 5 ? `, and ${tables.length - 5} more` : '');
    super(
      `nobody has decided on ${undecided.length} column${undecided.length === 1 ? '' : 's'} that look sensitive, in ${some}: campus.yaml says privacy.undecided: refuse`,
      {
        hint: '`lake privacy review` shows each with what is proposed, and takes your decisions',
        about: tables[0],
      },
    );
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

/** What the operating system says of a file that cannot be read: in words, and what to do. */
const UNREADABLE: Readonly<Record<string, readonly [string, string]>> = {
  EISDIR: ['it is a folder', 'name the file itself'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'correct the path'],
  ELOOP: ['it is a link that leads back to itself', 'replace the link by the file'],
  EACCES: ['this user may not read it', 'give this user the right to read it'],
  EPERM: ['this user may not read it', 'give this user the right to read it'],
};

/** The file is there and cannot be read. */
export class CampusUnreadableError extends LakeError {
  /** What is named wrongly is for a person to correct; a right that is missing is of the world. */
  override readonly exitCode: number;

  constructor(path: string, options: ErrorOptions) {
    const code = (options.cause as NodeJS.ErrnoException).code ?? 'unknown cause';
    const [reason, hint] = UNREADABLE[code] ?? [code, 'check that this user may read it'];
    super(`${path} cannot be read: ${reason}`, { ...options, hint, about: path });
    this.exitCode = ['EISDIR', 'ENOTDIR', 'ELOOP'].includes(code) ? 2 : 1;
  }
}
