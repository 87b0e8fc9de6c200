import { z } from 'zod';
import type { DocumentKind, Migration } from '../state/document.ts';
import { count, fieldsOf, instant, maybeText, text, texts, word } from '../state/parts.ts';
import type { BroughtModel } from './brought/brought-model.ts';
import type { CourseDecision, Decisions } from './holds.ts';
import type { Distribution } from './metrics/distribution.ts';
import type { StoredModel } from './model-store.ts';
import type { Lineage } from './registry/lineage.ts';
import type { Decision, Registry } from './registry/registry.ts';
import type { WeekModel } from './week-model.ts';

/** JSON has no NaN and no infinity: it writes null. */
const numbers = z.array(z.number().nullable());

const distribution = fieldsOf<Distribution>({
  values: count,
  steps: z.array(z.looseObject({ upTo: z.number(), share: z.number() })),
});

const brought = fieldsOf<BroughtModel>({
  name: word,
  licence: text,
  contact: text,
  source: text,
  intendedUse: text,
  trainedOn: text,
  format: z.enum(['JSON', 'PMML']),
  sha256: text,
  broughtAt: instant,
  weeks: z.array(
    z.looseObject({ week: count, intercept: z.number(), measures: z.record(text, z.looseObject({})) }),
  ),
});

export const BROUGHT_MODEL: DocumentKind = {
  what: 'early-warning model from elsewhere',
  migrations: [],
  schema: brought,
  whenDamaged: 'Delete it and bring the model again with `lake early-warning bring`.',
};

/** To format 2: `judged` is called `evaluation`. */
const modelFromFormat1: Migration = ({ judged, ...model }) =>
  judged === undefined ? model : { ...model, evaluation: judged };

/** Whatever version of the program trained it: only the version is looked at. */
export const ANY_MODEL: DocumentKind = {
  what: 'early-warning model',
  migrations: [modelFromFormat1],
  schema: z.looseObject({ version: z.number() }),
  whenDamaged: '`lake early-warning train` trains a new one.',
};

export const STORED_MODEL: DocumentKind = {
  what: 'early-warning model',
  migrations: [modelFromFormat1],
  schema: fieldsOf<StoredModel>({
    version: z.literal(2),
    id: word,
    trainedAt: instant,
    campus: text,
    terms: texts,
    brought: brought.optional(),
    measures: texts,
    contact: maybeText,
    expires: instant,
    evaluation: z.looseObject({
      term: text,
      weeks: z.array(z.looseObject({ week: count, auc: z.number().nullable() })),
    }),
    weeks: z.array(
      fieldsOf<WeekModel>({
        week: count,
        cases: count,
        unsuccessful: count,
        intercept: z.number(),
        means: numbers,
        deviations: numbers,
        weights: numbers,
        least: numbers,
        greatest: numbers,
        courses: z.record(text, z.number().nullable()),
        range: z.looseObject({ least: numbers, greatest: numbers, deviations: numbers }).optional(),
        spread: z
          .looseObject({ measures: z.array(distribution.nullable()), risks: distribution.nullable() })
          .optional(),
      }),
    ),
  }),
};

export const COURSE_DECISIONS: DocumentKind = {
  what: 'list of decisions about courses',
  migrations: [],
  schema: fieldsOf<Decisions>({
    decisions: z.array(
      fieldsOf<CourseDecision>({
        course: word,
        decision: z.enum(['hold', 'score']),
        because: text,
        at: instant,
      }),
    ),
  }),
  whenDamaged: 'Delete it and decide again with `lake early-warning hold`.',
};

export const REGISTRY: DocumentKind = {
  what: 'registry of early-warning models',
  migrations: [],
  schema: fieldsOf<Registry>({
    champion: maybeText,
    challenger: maybeText,
    decisions: z.array(
      fieldsOf<Decision>({
        at: instant,
        action: z.enum(['put to use', 'propose', 'promote', 'roll back', 'withdraw']),
        model: word,
        before: maybeText,
        by: text,
        because: text,
        card: maybeText,
      }),
    ),
  }),
  whenDamaged:
    'Delete it: nobody is scored until `lake models promote <model>` puts a kept model to use. `lake models list` has them.',
};

export const LINEAGE: DocumentKind = {
  what: 'lineage of an early-warning model',
  migrations: [],
  schema: fieldsOf<Lineage>({
    model: word,
    trainedAt: instant,
    publication: text,
    publishedAt: instant,
    asOf: instant,
    inputs: z.record(text, text),
    program: text,
    parameters: z.looseObject({}),
    from: text,
    to: text,
    evaluatedOn: text,
    metrics: z.array(z.looseObject({ week: count })),
    withdrawal: z.array(z.looseObject({ rule: text, isBroken: z.boolean() })),
  }),
  whenDamaged: 'Delete it: the model is used without, and compared without its figures.',
};
