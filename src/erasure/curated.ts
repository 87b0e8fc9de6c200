import type { Campus, Catalog } from '../campus/campus.ts';
import { isLms } from '../campus/source-role.ts';
import type { TableColumn, TableVersion } from '../ports/tables.ts';
import { type Closure, condition } from './closure.ts';
import { PERSON, rowKind } from './links.ts';

/** A column of a curated table that holds numbers of people. */
export interface CuratedLink {
  readonly column: TableColumn;
  readonly kinds: readonly string[];
}

const SIS_NUMBER = /^(?:.*_)?(?:student|person|advisor|adviser|instructor|sis_user)_id$/;
const LMS_NUMBER = /^(?:.*_)?user_id$/;

type Described = { readonly campus: Pick<Campus, 'sources'>; readonly catalog: Pick<Catalog, 'datasets'> };

/**
 * The columns of a curated table by which its rows are a person's. Models name them as the sources do: `student_id` is a
 * number of the SIS, as a text or a number; a whole number `user_id` is one of the LMS.
 */
export function curatedLinks({ campus, catalog }: Described, { columns }: TableVersion): CuratedLink[] {
  const users = catalog.datasets
    .filter(({ id, source }) => isLms(campus.sources[source]) && id === `${source}.users`)
    .map(({ id }) => rowKind(id));
  return columns.flatMap((column): CuratedLink[] => {
    const { name, type } = column;
    if (LMS_NUMBER.test(name) && type === 'bigint') return [{ column, kinds: users }];
    return SIS_NUMBER.test(name) && /^(?:varchar|integer|bigint|decimal.*)$/.test(type)
      ? [{ column, kinds: [PERSON] }]
      : [];
  });
}

/** A condition that is true of a person's rows in a curated table; undefined where it has none. */
export function curatedWhere(lake: Described, version: TableVersion, closure: Closure): string | undefined {
  const parts = curatedLinks(lake, version).flatMap(({ column, kinds }) =>
    kinds.flatMap((kind) => condition(column, closure.texts(kind))),
  );
  return parts.length > 0 ? parts.join(' OR ') : undefined;
}
