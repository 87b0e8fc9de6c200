import type { CampusFile } from './campus-schema.ts';
import type { Dataset } from './catalog-schema.ts';
import type { LakeType } from './lake-type.ts';
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
