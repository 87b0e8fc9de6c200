import { InputError } from '../../src/errors.ts';
import { listPublications, type Publication, readPublication } from '../../src/pipeline/publication.ts';
import type { TableSet } from '../../src/platform/ports/tables.ts';
import type { Lake } from '../../src/step.ts';

/** The publication that people see, or the one of that name. @throws InputError when there is none */
export async function publicationOf(lake: Lake, id?: string): Promise<Publication> {
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

/** Its tables, and the ledger's as they stand now where somebody asks for them. */
export async function tablesOf(lake: Lake, publication: Publication, withOps: boolean): Promise<TableSet> {
  if (!withOps) return publication.tables;
  return { ...publication.tables, ...(await lake.platform.engine.opsTables(lake.platform.ledger)) };
}
