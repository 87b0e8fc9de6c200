import type { CampusFile } from './campus-schema.ts';
import type { CatalogColumn, Dataset } from './catalog-schema.ts';
import type { LakeType } from './lake-type.ts';
import { maskTakes, parseShown, SHIFTED_BY, typesOfMask } from './masks.ts';
import { didYouMean } from './nearest.ts';
import type { Finding, YamlPath } from './problem.ts';
import { treatmentOf } from './treatment.ts';

/** A keyed hash hides an id among millions; a value of a few dozen is named by how often it comes. */
const NO_ID: ReadonlySet<LakeType> = new Set([
  'boolean',
  'real',
  'double',
  'date',
  'time',
  'timestamp',
  'varbinary',
]);

/** What speaks against storing a column by its mask. */
function maskProblems(
  column: CatalogColumn,
  mask: string,
  { key, columns }: Dataset,
  campus: CampusFile | undefined,
): string[] {
  const found: string[] = [];
  const shown = parseShown(mask);
  if (column.treatment !== undefined)
    found.push(`: it has a mask and the treatment ${column.treatment}; keep one of both`);
  if (key.includes(column.name))
    found.push(
      ': the key cannot be masked, since rows would fall together; expected treatment keep or pseudonym',
    );
  if (!maskTakes(shown, column.type))
    found.push(`: ${mask} takes ${(typesOfMask(shown) ?? []).join(', ')}, and the column is ${column.type}`);
  if (shown.kind !== 'shift') return found;
  const by = columns.find(({ name }) => name === shown.by);
  if (!by)
    found.push(
      `: there is no column "${shown.by}"${didYouMean(
        shown.by,
        columns.map(({ name }) => name),
      )}`,
    );
  else if (by === column || !SHIFTED_BY.includes(by.type) || by.mask !== undefined)
    found.push(
      `: dates are shifted by the id of a person, as ${SHIFTED_BY.join(', ')} and not masked itself`,
    );
  else if (campus && treatmentOf(campus, by) === 'exclude')
    found.push(
      `: ${shown.by} is excluded, so that no date could be shifted by it; expected keep or pseudonym`,
    );
  if (campus && !campus.privacy.key)
    found.push(
      ': shifted dates need a secret key; expected privacy.key in campus.yaml, such as { env: PRIVACY_KEY }',
    );
  return found;
}

/** What must hold between a dataset's columns, its key and how they are treated. */
export function checkColumns(dataset: Dataset, path: YamlPath, campus: CampusFile | undefined): Finding[] {
  const found: Finding[] = [];
  const here = `datasets[${dataset.name}].columns`;
  const names = new Set<string>();
  const origins = new Set<string>();
  const loaded = dataset.load !== 'off';
  let kept = 0;
  for (const [i, column] of dataset.columns.entries()) {
    const at = [...path, 'columns', i];
    const label = `${here}[${column.name}]`;
    const add = (field: string, text: string) =>
      found.push({ path: [...at, field], text: `${label}${text}` });
    if (names.has(column.name)) add('name', ': the column is described twice; keep one');
    names.add(column.name);
    const origin = column.source ?? column.name;
    if (origins.has(origin) && column.source !== undefined)
      add('source', `.source: another column already takes "${origin}" from the source; keep one`);
    origins.add(origin);
    if (column.copyAs === 'text' && column.type !== 'varchar')
      add('type', `: with copyAs: text it comes as text, and not as ${column.type}; expected varchar`);
    if (column.privacyReason !== undefined && column.privacy !== 'none')
      add(
        'privacyReason',
        `.privacyReason: the column is of class ${column.privacy}; expected privacy none, or no reason`,
      );
    if (column.mask !== undefined)
      for (const text of maskProblems(column, column.mask, dataset, campus)) add('mask', text);
    if (!campus) continue;
    const treatment = treatmentOf(campus, column);
    if (treatment !== 'exclude') kept += 1;
    const blame = column.treatment ? 'treatment' : 'privacy';
    if (loaded && treatment === 'exclude' && dataset.key.includes(column.name))
      add(
        blame,
        `: the key cannot be excluded (class ${column.privacy}); expected treatment keep or pseudonym`,
      );
    if (treatment !== 'pseudonym') continue;
    if (NO_ID.has(column.type))
      add(blame, `: a pseudonym stands for an id, and ${column.type} holds none; expected keep or exclude`);
    if (!campus.privacy.key)
      add(
        blame,
        ': a pseudonym needs a secret key; expected privacy.key in campus.yaml, such as { env: PRIVACY_KEY }',
      );
  }
  if (campus && loaded && kept === 0)
    found.push({
      path: [...path, 'columns'],
      text: `${here}: every column would be excluded, expected at least one to keep; load: off leaves out the whole table`,
    });
  return found;
}
