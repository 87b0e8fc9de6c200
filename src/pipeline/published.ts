import { InputError } from '../errors.ts';
import type { Parameter } from '../ports/parameter.ts';
import type { Uses } from '../ports/step.ts';
import type { TableSet } from '../ports/tables.ts';
import { parseStatement } from '../sql/parse.ts';
import { listPublications, type Publication, readPublication } from './publication.ts';

/** The publication that people see, or the one of that name. @throws InputError when there is none */
export async function publicationOf(lake: Uses<'ledger' | 'objects'>, id?: string): Promise<Publication> {
  const found = await readPublication(lake.platform, id);
  if (found) return found;
  if (id === undefined) {
    throw new InputError('Nothing has been published yet.', {
      hint: '`lake run` loads the lake and publishes it',
    });
  }
  const kept = await listPublications(lake.platform.objects);
  throw new InputError(`There is no publication "${id}".`, {
    hint: kept.length ? `kept are: ${kept.join(', ')}` : 'none is kept',
  });
}

/** Its tables, and the ledger's: those that the statement names as they stand now. */
export async function tablesOf(
  lake: Uses<'ledger' | 'engine'>,
  publication: Publication,
  sql: string,
  parameters?: readonly Parameter[],
): Promise<TableSet> {
  const { engine, ledger } = lake.platform;
  return { ...publication.tables, ...(await engine.opsTables(ledger, await opsTablesIn(sql, parameters))) };
}

/** SQL with a mistake names none: the engine says what is wrong with it. */
async function opsTablesIn(sql: string, parameters?: readonly Parameter[]): Promise<string[]> {
  const statement = await parseStatement(sql, parameters).catch(() => undefined);
  const names = statement?.tables.map(({ name }) => name) ?? [];
  return names.filter((name) => name.startsWith('ops.'));
}
