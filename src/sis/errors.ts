import { InputError, LakeError, type Reach } from '../errors.ts';

/** One thing wrong in a file of table mappings. */
export interface MappingIssue {
  /** The rule's own id where it has one, otherwise its place (`#3`, counted from 1). */
  readonly rule: string;
  readonly text: string;
}

/** Table mappings that cannot be followed: every problem at once, each with its rule. */
export class MappingError extends InputError {
  readonly issues: readonly MappingIssue[];

  constructor(issues: readonly MappingIssue[], about?: string) {
    const lines = issues.map((issue) => `  rule ${issue.rule}: ${issue.text}`);
    super(`The table mappings cannot be followed:\n${lines.join('\n')}`, {
      about,
      hint: 'Correct these rules; docs/sis.md lists what the mapping language knows here.',
    });
    this.issues = issues;
  }
}

/** The SIS could not be reached, refused the login, or broke off the connection: all of its tables have this cause. */
export class SisConnectionError extends LakeError {
  override get reach(): Reach {
    return 'source';
  }

  protected override get passing(): boolean {
    return true;
  }
}

/** A table of the SIS was not copied; the others were. */
export class TableNotCopiedError extends LakeError {}

/** Another session of the SIS has locked a table for longer than the copy waits for it. */
export class SisTableLockedError extends TableNotCopiedError {
  protected override get passing(): boolean {
    return true;
  }
}

/** A source, a dataset or a file that a step needs is missing. */
export class SisConfigError extends InputError {}
