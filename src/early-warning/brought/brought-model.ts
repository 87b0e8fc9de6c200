import { COLUMNS } from '../measures.ts';
import { LEAST_PEOPLE } from '../small-numbers.ts';
import { extremes, type Fit, modelFor } from '../week-model.ts';

/** What a measure adds to the log-odds: coefficient × (value − centre) / scale. */
export interface BroughtMeasure {
  readonly coefficient: number;
  readonly centre: number;
  readonly scale: number;
  /**
   * What the model takes where the measure is missing. It is kept and shown; the lake's measures are never missing where
   * a risk is given, so that it is not needed.
   */
  readonly whenMissing?: number;
}

/** The coefficients from a week on. */
export interface BroughtWeek {
  readonly week: number;
  readonly intercept: number;
  /** By the name of a measure of `MEASURES`; those that are not here add nothing. */
  readonly measures: Readonly<Record<string, BroughtMeasure>>;
}

/** Where a model comes from and what it is for, as its importer states. */
export interface Provenance {
  readonly licence: string;
  /** Who answers for it. */
  readonly contact: string;
  /** Where it was published or who made it: a URL or a citation. */
  readonly source: string;
  readonly intendedUse: string;
  /** On whom it was trained. */
  readonly trainedOn: string;
}

/** A logistic regression that was made elsewhere: the probability that a course is not got through. */
export interface BroughtModel extends Provenance {
  readonly name: string;
  readonly format: 'JSON' | 'PMML';
  /** SHA-256 of the file, hexadecimal. */
  readonly sha256: string;
  /** ISO 8601 UTC. */
  readonly broughtAt: string;
  /** Ascending; each holds until the next. */
  readonly weeks: readonly BroughtWeek[];
}

/**
 * The model of a week as the program scores by it. It knows nothing of the values it was learned from, so the
 * range within which its measures count is that of the past cases here; it has no effects of courses.
 */
export const fitOf =
  ({ weeks }: Pick<BroughtModel, 'weeks'>): Fit =>
  (week, cases) => {
    const own = modelFor(weeks, week);
    if (!own || cases.length < LEAST_PEOPLE) return undefined;
    const of = (value: (measure: BroughtMeasure) => number, otherwise: number) =>
      COLUMNS.map((column) => {
        const measure = own.measures[column];
        return measure ? value(measure) : otherwise;
      });
    return {
      week,
      cases: cases.length,
      unsuccessful: cases.filter(({ unsuccessful }) => unsuccessful).length,
      intercept: own.intercept,
      means: of(({ centre }) => centre, 0),
      deviations: of(({ scale }) => scale, 1),
      weights: of(({ coefficient }) => coefficient, 0),
      ...extremes(cases),
      courses: {},
    };
  };

/** Measures of which more lowers the risk, by the model: reasons speak only of those that raise it. */
export const lowering = ({ weeks }: Pick<BroughtModel, 'weeks'>): string[] =>
  COLUMNS.filter((column) =>
    weeks.some(({ measures }) => {
      const own = measures[column];
      return own !== undefined && own.coefficient / own.scale < 0;
    }),
  );
