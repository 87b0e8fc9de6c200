import type { PrivacyClass } from '../../campus/catalog-schema.ts';
import { catalogParts } from '../../campus/discover/parts.ts';
import { type ProposedTable, reviewProposals } from '../../campus/discover/review.ts';
import { nameOf, writeText } from '../../campus/files.ts';
import { type LoadedCampus, loadCampus } from '../../campus/load.ts';
import { InputError } from '../../errors.ts';

export interface ReviewRequest {
  /** Names of tables (`source.table`), in which `*` is any run of characters. `['*']`: all. */
  readonly tables: readonly string[];
  /** Only what was proposed as one of these classes. Default: all of it. */
  readonly classes?: readonly PrivacyClass[];
  /** Whether the proposals become decisions: their marks are taken away in the catalog. Default: false. */
  readonly accept?: boolean;
}

/** What nobody has decided on yet, or had before it was accepted. */
export interface ReviewedCatalog {
  readonly accepted: boolean;
  readonly tables: readonly ProposedTable[];
  /** The files of the catalog that were written, by their names. */
  readonly files: readonly string[];
}

/**
 * Lists what discovery proposed for a catalog, and makes decisions of it where that is asked for.
 * @param file campus.yaml, or its folder
 * @throws InputError where no table has such a name; CampusFileError where the catalog could not be loaded any more
 * once the proposals are accepted: then nothing is written
 */
export async function reviewCatalog(
  { campus }: Pick<LoadedCampus, 'campus'>,
  file: string,
  { tables: patterns, classes, accept = false }: ReviewRequest,
): Promise<ReviewedCatalog> {
  const expressions = patterns.map(expressionOf);
  const sources = Object.keys(campus.sources);
  const read = await Promise.all(sources.map((source) => catalogParts(campus, source)));
  const parts = read.flatMap((one) => one.parts);
  const names = parts.flatMap(({ value }) => value.datasets.map(({ name }) => `${value.source}.${name}`));
  const idle = patterns.filter((_, i) => !names.some((name) => expressions[i]!.test(name)));
  if (idle.length > 0 && (names.length > 0 || patterns[0] !== '*'))
    throw new InputError(`The catalog has no table that ${idle.join(' or ')} names`, {
      about: idle[0],
      hint: `Its tables are called source.name, such as ${names[0] ?? 'sis.registrar_persons'}; * is any run of characters.`,
    });
  const isMeant = (id: string) => expressions.some((expression) => expression.test(id));
  const { tables, accepted } = reviewProposals({ parts, campus, isMeant, classes });
  if (!accept) return { accepted: false, tables, files: [] };
  // What is about to be written must load.
  await loadCampus(file, accepted);
  for (const [path, text] of accepted) await writeText(path, text);
  return { accepted: true, tables, files: [...accepted.keys()].map(nameOf) };
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
