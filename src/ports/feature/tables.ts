import type { z } from 'zod';
import type { Campus } from '../../campus/campus.ts';
import type { Json } from '../../json.ts';
import type { ObjectStore } from '../objects.ts';
import type { Uses } from '../step.ts';
import type { TableSet, TableVersion } from '../tables.ts';
import type { FeatureLake } from './steps.ts';

/**
 * A model as in `models/`, with its header. A file of the same name in the campus's folder takes its place.
 *
 * @example
 * ```ts
 * import type { FeatureModel } from '../feature.ts';
 *
 * const people: FeatureModel = {
 *   name: 'people_by_state',
 *   sql: `-- description: users by their state
 * -- grain: workflow_state
 * -- owner: Data team
 * -- column workflow_state (none): state of the user
 * -- column people (none): how many users are in it
 * SELECT workflow_state, count(*) AS people FROM canvas.users GROUP BY workflow_state`,
 * };
 * ```
 */
export interface FeatureModel {
  /** The table is `campus.<name>`. */
  readonly name: string;
  readonly sql: string;
}

/** Curated tables that are there without a model of the campus's folder: they are published, served and described. */
export interface FeatureTables {
  /** `campus.<name>` each. A record of one that is not listed is forgotten at the next publication. */
  readonly names: readonly string[];
  /** The model text (or only its header) that describes each, also of tables that are never published. */
  headers(campus: Pick<Campus, 'root' | 'models'>): Promise<readonly DescribedText[]>;
  /**
   * Builds them over no rows, for their columns. @param built the models of every run, over no rows too
   */
  overNothing(lake: FeatureLake, built: TableSet): Promise<readonly EmptyTable[]>;
}

export interface DescribedText {
  readonly table: string;
  /** Begins with a header. */
  readonly text: string;
}

/** A table without rows, and the text of the SELECT that gave it. */
export interface EmptyTable {
  /** For messages: a path, or a name that ends with `.sql`. */
  readonly file: string;
  readonly text: string;
  readonly version: TableVersion;
}

/**
 * Records about single people that a feature keeps besides its tables. `isSought` is true of the numbers of the SIS by
 * which the person is known.
 *
 * @example
 * ```ts
 * import type { FeaturePeople } from '../feature.ts';
 *
 * const people: FeaturePeople = {
 *   load: async () => ({
 *     find: async (objects, isSought) => (isSought('S1') ? [{ note: await objects.getText('notes/S1.txt') ?? null }] : []),
 *     forget: async (objects, isSought) => {
 *       if (isSought('S1')) await objects.delete(['notes/S1.txt']);
 *       return 1;
 *     },
 *   }),
 * };
 * ```
 */
export interface FeaturePeople {
  load(): Promise<{
    /** The records about that person, whole. */
    find(objects: ObjectStore, isSought: (number: string) => boolean): Promise<Json[]>;
    /** Removes them, and the person from records about others. Repeated, it finds nothing. @returns records changed */
    forget(objects: ObjectStore, isSought: (number: string) => boolean): Promise<number>;
  }>;
}

/**
 * A YAML file that a person writes.
 *
 * @example
 * ```ts
 * import type { FeatureFile } from '../feature.ts';
 *
 * const remindersFile = (loadSchema: FeatureFile['loadSchema']): FeatureFile => ({ name: 'reminders.yaml', loadSchema });
 * ```
 */
export interface FeatureFile {
  /** In the folder of campus.yaml; ends with `.yaml`. */
  readonly name: string;
  /** A folder of other files that belong to it. Default: none. */
  readonly folder?: string;
  /** Its schema, also for editors: `schemas/<name>.schema.json`. */
  loadSchema(): Promise<z.ZodType>;
  /**
   * Reads it as a run does, for `lake doctor`. Default: it is not looked at.
   * @returns what is in it, in words; undefined where it is not there
   * @throws InputError for a mistake in it
   */
  examine?(lake: Uses<'campus' | 'catalog' | 'features'>): Promise<string | undefined>;
}
