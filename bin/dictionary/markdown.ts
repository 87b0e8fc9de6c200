import type { DictionaryTables } from '../../src/app/dictionary/readable.ts';
import type { TypedModel } from '../../src/app/dictionary/typed-model.ts';
import type { Campus, CatalogDataset } from '../../src/campus/campus.ts';
import { addedTables, type Feature } from '../../src/ports/feature.ts';
import { describedTreatment } from '../../src/privacy/treatment.ts';
import type { TableCheck } from '../../src/quality/table-check.ts';

/** The data dictionary of a campus in Markdown: models first, since they are what people ask. */
export function dictionary(
  campus: Campus,
  { models, datasets, ops, isWhole }: DictionaryTables,
  features: readonly Feature[],
): string {
  const added = new Map(addedTables(features).map(({ name, description }) => [name, description]));
  const loaded = Object.values(datasets.tables).filter(({ load }) => load !== 'off');
  const sources = [...new Set(loaded.map(({ source }) => source))];
  const parts = [
    `# Data dictionary: ${campus.name}`,
    'Made by `lake dictionary` from the models and the catalog. The privacy classes are described in\n[campus-yaml.md](campus-yaml.md#privacy), the checks in [checks.md](checks.md), how the tables belong together in\n[marts.md](marts.md); a dash is a column that stays behind at the source; what is stored in the place of values, such as `pseudonym` or a mask, stands next to the class.',
    '## campus: what to ask',
    ...Object.values(models.tables)
      .sort((a, b) => (a.model.name < b.model.name ? -1 : 1))
      .map(modelPart),
    ...sources.flatMap((source) => [
      `## ${source}: as at the source`,
      ...loaded.filter((dataset) => dataset.source === source).map((dataset) => datasetPart(campus, dataset)),
    ]),
    ...(isWhole ? features : []).flatMap(({ dictionary = [] }) =>
      dictionary.map(({ title, text }) => `## ${title}\n\n${text.trim()}`),
    ),
    ...(Object.keys(ops.tables).length > 0 ? ['## ops: how the lake was loaded'] : []),
    ...Object.entries(ops.tables).map(([name, { columns }]) =>
      [
        `### ${name}`,
        ...said(added.get(name.slice('ops.'.length))),
        table(
          ['column', 'type'],
          columns.map((column) => [code(column.name), column.type]),
        ),
      ].join('\n\n'),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function modelPart({ model, columns, checks }: TypedModel): string {
  const rows = columns.map(({ name, type }) => {
    const described = model.columns.find((column) => column.name === name);
    return [code(name), type, described?.privacy ?? '', described?.description ?? ''];
  });
  return [
    `### ${model.table}`,
    ...said(model.description),
    facts({ 'One row per': model.grain, Owner: model.owner }),
    checksOf(checks),
    table(['column', 'type', 'privacy', 'what'], rows),
  ].join('\n\n');
}

function datasetPart(campus: Campus, dataset: CatalogDataset): string {
  const rows = dataset.columns.map((column) => {
    const { treatment, mask } = describedTreatment(campus, column);
    const left = treatment === 'exclude';
    const treated = mask ?? (treatment === 'pseudonym' ? treatment : undefined);
    return [
      left ? `– ${code(column.name)}` : code(column.name),
      column.type,
      treated === undefined ? column.privacy : `${column.privacy}, ${treated}`,
      column.description ?? '',
    ];
  });
  return [
    `### ${dataset.id}`,
    ...said(dataset.description),
    facts({
      'One row per': dataset.key.join(', ') || undefined,
      Owner: dataset.owner,
      'At the source': `${dataset.namespace}.${dataset.table}`,
    }),
    table(['column', 'type', 'privacy', 'what'], rows),
  ].join('\n\n');
}

const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A description as a sentence. */
const said = (description: string | undefined): string[] =>
  description ? [`${description.replace(/\.$/, '')}.`] : [];

/** What a table is checked for before anybody sees it. */
function checksOf(all: readonly TableCheck[]): string {
  const names = all.map(({ name, severity }) => `${code(name)}${severity === 'warn' ? ' (warns)' : ''}`);
  return names.length === 0 ? 'No checks.' : `Checks: ${names.join(', ')}.`;
}

function facts(known: { readonly [fact: string]: string | undefined }): string {
  const said = Object.entries(known).filter(([, value]) => value !== undefined);
  return said.map(([fact, value]) => `${fact}: ${value}`).join('. ') || 'No key.';
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}
