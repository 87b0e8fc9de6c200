import { createHash } from 'node:crypto';
import { authorize } from '../../access/authorize.ts';
import { ownersOfTables } from '../../health/diagnosis/owners.ts';
import { CURATED } from '../../models/model.ts';
import { publicationOf } from '../../pipeline/published.ts';
import { failedStepsOf } from '../../pipeline/step-log.ts';
import type { OpsRow } from '../../ports/ledger.ts';
import type { Uses } from '../../ports/step.ts';

/** Who made an event, and the version of the standard: https://openlineage.io/spec/2-0-2/OpenLineage.json */
const PRODUCER = 'urn:campus-lake';
const SCHEMA = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

type Facet = { readonly _producer: string; readonly _schemaURL: string; readonly [field: string]: unknown };

/** One run event of OpenLineage. */
export interface LineageEvent {
  readonly eventTime: string;
  readonly eventType: 'COMPLETE' | 'FAIL';
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Readonly<Record<string, Facet>> };
  readonly job: {
    readonly namespace: string;
    readonly name: string;
    readonly facets: Readonly<Record<string, Facet>>;
  };
  readonly inputs: readonly LineageDataset[];
  readonly outputs: readonly LineageDataset[];
}

export interface LineageDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Readonly<Record<string, Facet>>;
  readonly inputFacets?: Readonly<Record<string, Facet>>;
  readonly outputFacets?: Readonly<Record<string, Facet>>;
}

/** What the events need of a lake; whose session it is decides of which tables they tell. */
export type LineageLake = Uses<'campus' | 'catalog' | 'session' | 'access' | 'objects' | 'ledger'>;

/** The steps whose success or failure is the run of a job: one for each table. */
const JOBS = new Set(['stage', 'build-model']);

const facet = (version: string, name: string, fields: object): Facet => ({
  _producer: PRODUCER,
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  ...fields,
});

/**
 * The newest publication's run as events of OpenLineage: one for each table that was staged or built, or whose staging or
 * building failed, with its inputs, columns, owner, counts of rows, and what its checks found.
 * @param id a publication that is kept. Default: the current one
 * @throws InputError where nothing, or no such publication, is published
 */
export async function lineageEvents(lake: LineageLake, id?: string): Promise<LineageEvent[]> {
  const { ledger } = lake.platform;
  const publication = await publicationOf(lake, id);
  const { run } = publication;
  const { tables } = await authorize(lake, 'describe', publication.tables);
  const ownerOf = await ownersOfTables(lake);
  const steps = (await ledger.rows('steps', `${run}/`)).filter((row) => JOBS.has(String(row.step)));
  const failures = new Map((await failedStepsOf(ledger, run)).map((failed) => [failed.path, failed]));
  const checks = await ledger.rows('checks', `${run}/`);
  const namespace = `campus-lake:${lake.campus.name}`;
  const parent = runIdOf(run);
  const made = steps.flatMap((row): LineageEvent[] => {
    const table = row.step === 'build-model' ? `${CURATED}.${row.item}` : String(row.item);
    const version = tables[table];
    if (!version) return [];
    const failed = failures.get(String(row.path));
    const facts = publication.facts[table];
    const owner = ownerOf(table);
    const named = (name: string): LineageDataset => ({ namespace, name });
    const inputs =
      row.step === 'build-model' ? (facts?.sources ?? []).filter((name) => tables[name]).map(named) : [];
    return [
      {
        eventTime: String(row.ended_at),
        eventType: failed ? 'FAIL' : 'COMPLETE',
        producer: PRODUCER,
        schemaURL: SCHEMA,
        run: {
          runId: runIdOf(`${run}/${table}`),
          facets: {
            nominalTime: facet('1-0-1', 'NominalTimeRunFacet', { nominalStartTime: String(row.started_at) }),
            parent: facet('1-2-0', 'ParentRunFacet', {
              run: { runId: parent },
              job: { namespace, name: 'run' },
            }),
            ...(failed
              ? {
                  errorMessage: facet('1-0-1', 'ErrorMessageRunFacet', {
                    message: failed.message,
                    programmingLanguage: 'SQL',
                  }),
                }
              : {}),
          },
        },
        job: {
          namespace,
          name: `${row.step}.${table}`,
          facets:
            facts?.header?.description === undefined
              ? {}
              : {
                  documentation: facet('1-1-0', 'DocumentationJobFacet', {
                    description: facts.header.description,
                  }),
                },
        },
        inputs,
        outputs: [
          {
            ...named(table),
            facets: {
              schema: facet('1-2-0', 'SchemaDatasetFacet', {
                fields: version.columns.map(({ name, type }) => ({ name, type })),
              }),
              ...(owner === undefined
                ? {}
                : {
                    ownership: facet('1-0-1', 'OwnershipDatasetFacet', {
                      owners: [{ name: owner, type: 'OWNER' }],
                    }),
                  }),
            },
            outputFacets: {
              outputStatistics: facet('1-0-2', 'OutputStatisticsOutputDatasetFacet', {
                rowCount: version.rows,
              }),
            },
          },
        ],
      },
    ];
  });
  const checked = new Map<string, OpsRow[]>();
  for (const check of checks) {
    const table = String(check.table_name);
    checked.set(table, [...(checked.get(table) ?? []), check]);
  }
  const looked = [...checked].flatMap(([table, own]): LineageEvent[] => {
    if (!tables[table]) return [];
    const isFine = own.every(({ status }) => status !== 'failed');
    const assertions = facet('1-1-0', 'DataQualityAssertionsDatasetFacet', {
      assertions: own.map(assertionOf),
    });
    return [
      {
        eventTime: String(own[0]!.checked_at),
        eventType: isFine ? 'COMPLETE' : 'FAIL',
        producer: PRODUCER,
        schemaURL: SCHEMA,
        run: {
          runId: runIdOf(`${run}/check/${table}`),
          facets: {
            parent: facet('1-2-0', 'ParentRunFacet', {
              run: { runId: parent },
              job: { namespace, name: 'run' },
            }),
          },
        },
        job: { namespace, name: `check.${table}`, facets: {} },
        inputs: [{ namespace, name: table, inputFacets: { dataQualityAssertions: assertions } }],
        outputs: [],
      },
    ];
  });
  return [...made, ...looked];
}

function assertionOf({ check_name: name, status, severity }: OpsRow) {
  const [assertion, columns] = String(name).split('(');
  const column = columns?.replace(/\).*$/, '');
  return {
    assertion: assertion!,
    success: status === 'passed',
    severity: severity === 'warn' ? 'warn' : 'error',
    // One column is named; a check of several is of the whole table.
    ...(column !== undefined && !column.includes(',') && !column.includes(' ') ? { column } : {}),
  };
}

/** The standard wants a UUID of each run: the same one for the same run, so that an event sent twice is one. */
function runIdOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
