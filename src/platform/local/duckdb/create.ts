import { isMetered, reportUsage } from '../../../ports/metering.ts';
import type { TableColumn, TableSet, TableVersion } from '../../../ports/tables.ts';
import { checkStatement } from '../../../sql/check-statement.ts';
import { SqlError } from '../../../sql/errors.ts';
import { inferTypes } from '../../../sql/types/infer.ts';
import type { SqlType } from '../../../sql/types/sql-type.ts';
import { copyTo, draftFile, pathsOf, sizeOf } from './files.ts';
import { openGuarded } from './guarded.ts';
import type { ReadOnlyPool } from './read-only-pool.ts';
import { describe } from './session.ts';
import { ident } from './sql-text.ts';
import { curatedKey } from './staging-session.ts';
import { asStorage, filesOf } from './storage.ts';
import { resultTypeOf, toLake } from './types.ts';

/** A table from one SELECT, its columns in the lake's types. See `QueryEngine.create`. */
export async function createTable(
  pool: ReadOnlyPool,
  table: string,
  text: string,
  reads: TableSet,
  versionId: string,
): Promise<TableVersion> {
  const statement = await checkStatement(text, reads);
  if (statement.kind !== 'select') throw new SqlError('A table is made from a SELECT.', { about: table });
  const draft = await draftFile(pool.root);
  const guarded = await openGuarded(pool, statement, { tables: reads }, { writes: draft.path });
  try {
    const explain = async (error: unknown): Promise<never> => {
      throw await guarded.explain(error);
    };
    const given = await describe(guarded.connection, guarded.sql).catch(explain);
    const known = inferTypes(statement, reads).columns;
    const columns = given.map(({ name, type }, i) =>
      lakeColumn(
        { name, type, inferred: known?.length === given.length ? known[i]!.type : undefined },
        i,
        given,
      ),
    );
    const list = given.map(({ name, type }, i) => {
      const { name: own, type: lake } = columns[i]!;
      return `${toLake(ident(name), type, lake)} AS ${ident(own)}`;
    });
    const select = `SELECT ${list.join(', ')} FROM (${guarded.sql})`;
    const rows = await copyTo(guarded.connection, select, draft.path, table).catch(explain);
    const key = curatedKey(table, versionId);
    const content = await draft.publish(key);
    if (isMetered()) {
      const named = statement.tables.flatMap(({ name }) => filesOf(reads[name]!));
      const files = pathsOf(pool.root, [...new Set(named)]);
      reportUsage({ filesIn: files.length, bytesIn: await sizeOf(files) });
    }
    return { table, columns, rows, storage: asStorage({ kind: 'plain', files: [key] }), content };
  } finally {
    await guarded.close();
    await draft.discard();
  }
}

/** @throws SqlError where a column has no name of its own, or a type that no table can hold */
function lakeColumn(
  { name, type, inferred }: Described & { readonly inferred: SqlType | undefined },
  index: number,
  all: readonly Described[],
): TableColumn {
  const isFirst = all.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === index;
  if (!/^[a-z][a-z0-9_]*$/i.test(name) || !isFirst) {
    throw new SqlError(`A column of the result has no name of its own (${name.slice(0, 60)}).`, {
      hint: 'give every column a name with AS, each only once',
    });
  }
  const lake = resultTypeOf(type, inferred);
  if (lake === undefined) {
    throw new SqlError(`The column "${name}" would be ${describeType(type)}, which a table cannot hold.`, {
      hint: 'CAST it to a simple type; join an array with array_join(…)',
    });
  }
  return { name: name.toLowerCase(), type: lake };
}

interface Described {
  readonly name: string;
  readonly type: string;
}

const describeType = (type: string): string =>
  type.endsWith(']') ? 'an array' : type === 'INTERVAL' ? 'an interval' : 'nested';
