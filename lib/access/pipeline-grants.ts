import type { CfnPrincipalPermissionsProps, CfnTag } from 'aws-cdk-lib/aws-lakeformation';

/** ARNs of the roles by which the pipeline works. */
export interface PipelineRoles {
  /** Those that make, fill and drop tables. */
  readonly writers: readonly string[];
  /** Those of them by which a run tags columns and closes tables to IAM. The id of the first one's grant has no number. */
  readonly taggers: readonly string[];
  /** The crawlers of the SIS: their role, and the database in which they write what they saw. Absent: no SIS. */
  readonly crawlers?: { readonly role: string; readonly database: string };
}

export interface PipelineGrantsProps extends PipelineRoles {
  readonly catalogId: string;
  /** What Lake Formation hands out, by the id of the location. */
  readonly locations: readonly (readonly [id: string, arn: string])[];
  /** Names of the Glue databases, by id. */
  readonly databases: ReadonlyMap<string, string>;
  /** The tag of the privacy classes. */
  readonly tag: CfnTag;
}

/**
 * What the pipeline must be let do where Lake Formation decides, by the id of the grant. Of tables by name, not by
 * tag: who may see some of the columns only, may not write at all. Who tags a column needs the tag and, of a table
 * that another role has made, every right with the grant option; who takes from IAM what it opens, of the databases too
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-assigning-tags.html).
 */
export function pipelineGrants({
  catalogId,
  locations,
  databases,
  tag,
  writers,
  taggers,
  crawlers,
}: PipelineGrantsProps): [id: string, grant: CfnPrincipalPermissionsProps][] {
  const grant = (
    principal: string,
    permissions: string[],
    resource: CfnPrincipalPermissionsProps['resource'],
    permissionsWithGrantOption: string[] = [],
  ): CfnPrincipalPermissionsProps => ({
    catalog: catalogId,
    principal: { dataLakePrincipalIdentifier: principal },
    permissions,
    permissionsWithGrantOption,
    resource,
  });
  const writing = writers.flatMap((writer, i): [string, CfnPrincipalPermissionsProps][] => [
    ...locations.map(([location, resourceArn]): [string, CfnPrincipalPermissionsProps] => [
      `Writer${i}-${location}`,
      grant(writer, ['DATA_LOCATION_ACCESS'], { dataLocation: { catalogId, resourceArn } }),
    ]),
    ...[...databases].flatMap(([database, name]): [string, CfnPrincipalPermissionsProps][] => {
      const tables = { table: { catalogId, databaseName: name, tableWildcard: {} } };
      return [
        [
          `Writer${i}-${database}`,
          taggers.includes(writer)
            ? grant(writer, ['ALL'], { database: { catalogId, name } }, ['ALL'])
            : grant(writer, ['CREATE_TABLE', 'DESCRIBE'], { database: { catalogId, name } }),
        ],
        [
          `Writer${i}-${database}-Tables`,
          grant(writer, ['ALL'], tables, taggers.includes(writer) ? ['ALL'] : []),
        ],
      ];
    }),
  ]);
  const { tagKey, tagValues } = tag;
  const crawling = crawlers
    ? [
        ...locations
          .filter(([location]) => location.startsWith('raw-'))
          .map(([location, resourceArn]): [string, CfnPrincipalPermissionsProps] => [
            `Crawler-${location}`,
            grant(crawlers.role, ['DATA_LOCATION_ACCESS'], { dataLocation: { catalogId, resourceArn } }),
          ]),
        [
          'Crawler-database',
          grant(crawlers.role, ['CREATE_TABLE', 'DESCRIBE'], {
            database: { catalogId, name: crawlers.database },
          }),
        ] satisfies [string, CfnPrincipalPermissionsProps],
      ]
    : [];
  return [
    ...writing,
    ...crawling,
    ...taggers.map((tagger, i): [string, CfnPrincipalPermissionsProps] => [
      i === 0 ? 'Tagger' : `Tagger${i}`,
      grant(tagger, ['ASSOCIATE', 'DESCRIBE'], { lfTag: { catalogId, tagKey, tagValues } }),
    ]),
  ];
}
