import { createHash } from 'node:crypto';
import { NoPastTermsError } from './errors.ts';
import type { Example } from './examples.ts';
import type { PastTerm } from './terms.ts';

/** How a model is evaluated: on students that the fit has not seen. */
export type Split =
  /** On a later term, by what was known before that term began: as it would have been used. */
  | { readonly kind: 'later term'; readonly train: readonly PastTerm[]; readonly test: PastTerm }
  /** Where there is one term only: on a tenth of its students at a time. It flatters: the same courses, the same year. */
  | { readonly kind: 'within one term'; readonly term: PastTerm };

export interface SplitOptions {
  /** Term to judge on. Default: the newest that is over. */
  readonly test?: string;
}

/** @throws NoPastTermsError where no term is over, or the asked one is not there */
export function chooseSplit(terms: readonly PastTerm[], { test }: SplitOptions = {}): Split {
  const wanted = test === undefined ? terms.at(-1) : terms.find(({ code }) => code === test);
  if (!wanted) {
    const known = terms.map(({ code }) => code).join(', ');
    throw new NoPastTermsError(
      test === undefined
        ? 'Early warning learns from terms that are over, and the lake has none with final grades yet.'
        : `"${test}" is no term that is over and has outcomes.`,
      {
        hint:
          known === ''
            ? 'load the grades of past terms (sis.registrar_grades, sis.registrar_terms), or come back when a term has ended; campus.first_semester_attention works without'
            : `there are: ${known}`,
      },
    );
  }
  const train = terms.filter(({ lastDay }) => lastDay < wanted.firstDay);
  return train.length > 0
    ? { kind: 'later term', train, test: wanted }
    : { kind: 'within one term', term: wanted };
}

/** The cases to fit and those to judge; several pairs where students take turns. */
export interface Fold {
  readonly fit: readonly Example[];
  readonly judge: readonly Example[];
}

const FOLDS = 10;

export function foldsOf(split: Split, examples: readonly Example[]): Fold[] {
  if (split.kind === 'later term') {
    const trained = new Set(split.train.map(({ code }) => code));
    const { firstDay, code } = split.test;
    return [
      {
        // An outcome that came out after the term had begun could not have been learned from.
        fit: examples.filter(({ term, knownOn }) => trained.has(term) && knownOn < firstDay),
        judge: examples.filter(({ term }) => term === code),
      },
    ];
  }
  const own = examples.filter(({ term }) => term === split.term.code);
  const folds = own.map(({ user }) => foldOf(user));
  return Array.from({ length: FOLDS }, (_, fold) => ({
    fit: own.filter((_, i) => folds[i] !== fold),
    judge: own.filter((_, i) => folds[i] === fold),
  }));
}

/** By student, so that nobody's courses stand on both sides; always the same, whoever else is there. */
const foldOf = (user: string): number => createHash('sha256').update(user).digest()[0]! % FOLDS;
