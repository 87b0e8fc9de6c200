import type { AccessFile } from '../campus/access-schema.ts';
import type { PrivacyClass } from '../campus/catalog-schema.ts';
import type { LakeType } from '../campus/lake-type.ts';
import { parseShown, type Shown } from '../campus/masks.ts';
import type { YamlPath } from '../campus/problem.ts';
import type { Condition } from './condition.ts';
import type { MaskContext } from './mask-keys.ts';
import { parseCondition } from './parse-condition.ts';

/** What is known of a column: its type once its table was built or is in the catalog, its class where it has one. */
export interface KnownColumn {
  readonly type?: LakeType;
  readonly privacy?: PrivacyClass;
  /** Of columns that hold numbers of people: what tells one kind of number from another. */
  readonly numberOf?: string;
}

/** Columns by table: all that a policy may name. */
export type KnownTables = ReadonlyMap<string, ReadonlyMap<string, KnownColumn>>;

/** A line of access.yaml. */
export interface Line {
  /** `access.yaml:12`. */
  readonly line: string;
}

export interface ShownBy extends Line {
  readonly shown: Shown;
}

export interface RowsBy extends Line {
  /** Undefined: all rows. */
  readonly rows: Condition | undefined;
  /** As it is written. */
  readonly text: string;
}

export interface PolicyRole extends Line {
  readonly name: string;
  /** The role that is active instead in an emergency, and for how many hours. Absent: none. */
  readonly breakGlass?: { readonly role: string; readonly hours: number };
  readonly description: string;
  /** Whether it sees tables with protected small numbers and no others. */
  readonly aggregatesOnly: boolean;
  readonly attributes: readonly string[];
  readonly purposes: readonly string[];
  readonly classes: ReadonlyMap<PrivacyClass, ShownBy>;
  /** By `database.table` or `database.*`. */
  readonly tables: ReadonlyMap<string, RowsBy>;
  /** By `database.table.column`. */
  readonly columns: ReadonlyMap<string, ShownBy>;
  /** By `database.*`, `database.table` or `database.table.column`. */
  readonly deny: ReadonlyMap<string, Line>;
}

export interface PolicyLookup extends Line {
  readonly table: string;
  readonly column: string;
  readonly where: Condition | undefined;
}

/** An access.yaml without a mistake, each rule with its line. */
export interface AccessPolicy {
  readonly purposes: ReadonlyMap<string, string>;
  /** By privacy class or `database.table.column`. */
  readonly boundTo: ReadonlyMap<string, Line & { readonly purposes: readonly string[] }>;
  readonly lookups: ReadonlyMap<string, PolicyLookup>;
  readonly roles: ReadonlyMap<string, PolicyRole>;
  /** The tables that were published with small numbers protected. Default: none. */
  readonly released?: readonly string[];
  /** What masks need of the campus. Default: no key, and the year of the clock. */
  readonly masks?: MaskContext;
}

/**
 * Makes a policy of a file in which `checkPolicy` has found nothing.
 * @param lineOf where something is in the file, as `access.yaml:12`
 */
export function toPolicy(
  file: AccessFile,
  lineOf: (path: YamlPath, on?: 'key' | 'value') => string,
): AccessPolicy {
  const mapOf = <V, R>(
    from: Readonly<Record<string, V>>,
    to: (value: V, name: string) => R,
  ): Map<string, R> => new Map(Object.entries(from).map(([name, value]) => [name, to(value, name)]));
  return {
    purposes: new Map(Object.entries(file.purposes)),
    boundTo: mapOf(file.boundTo as Record<string, string[]>, (purposes, name) => ({
      purposes,
      line: lineOf(['boundTo', name], 'key'),
    })),
    lookups: mapOf(file.lookups, ({ table, column, where }, name) => ({
      table,
      column,
      where: where === undefined ? undefined : parseCondition(where),
      line: lineOf(['lookups', name], 'key'),
    })),
    roles: mapOf(file.roles, (role, name) => {
      const at = (...path: (string | number)[]) => lineOf(['roles', name, ...path], 'key');
      const shownBy = (part: 'classes' | 'columns') => (text: string, of: string) => ({
        shown: parseShown(text),
        line: at(part, of),
      });
      return {
        name,
        ...(role.breakGlass ? { breakGlass: role.breakGlass } : {}),
        description: role.description,
        aggregatesOnly: role.aggregatesOnly,
        attributes: role.attributes,
        purposes: role.purposes,
        line: at(),
        classes: mapOf(role.classes as Record<string, string>, shownBy('classes')) as Map<
          PrivacyClass,
          ShownBy
        >,
        tables: mapOf(role.tables, (text, table) => ({
          rows: isAll(text) ? undefined : parseCondition(text),
          text,
          line: at('tables', table),
        })),
        columns: mapOf(role.columns, shownBy('columns')),
        deny: new Map(role.deny.map((of, i) => [of, { line: lineOf(['roles', name, 'deny', i]) }] as const)),
      };
    }),
  };
}

/** Whether the rows of a table are not restricted. */
export const isAll = (text: string): boolean => text.toLowerCase() === 'all';
