import { z } from 'zod';

/**
 * Where tables lie that live no longer than a staging: the raw zone, which Lake Formation does not hand out. It gives
 * those who read a table that it does the right to that table's folder alone, and their lists lead out of it. No
 * source is called so: a hyphen is in no source's name.
 */
export const STAGING_FOLDER = 'raw/lake-staging';

/** Where certificates, holds and the suppression list of erasures lie among the records. */
export const REGISTER_FOLDER = 'erasures/';

const endpoints = {
  sourceEndpointArn: z.string(),
  /** S3 target endpoint; its folder is set again for each load. */
  targetEndpointArn: z.string(),
  /** S3 target endpoint of the tasks that capture changes. */
  changesEndpointArn: z.string(),
};

/** On what the tasks of a SIS run: an instance, or what a serverless replication is made of. */
const onInstance = {
  instanceArn: z.string(),
  /** Memory of the instance, in MB. Absent: nobody knows it of this class. */
  memoryMb: z.number().int().optional(),
};
const onServerless = {
  serverless: z.strictObject({
    subnetGroup: z.string(),
    securityGroup: z.string(),
    minDcu: z.number().int(),
    maxDcu: z.number().int(),
  }),
};

const shared = {
  /** Begins the names of endpoints and crawlers. */
  name: z.string(),
  drift: z.strictObject({
    /** Glue database of its own, prefix included. */
    database: z.string(),
    /** How often it looks. */
    everyDays: z.number().int(),
  }),
};

/** DMS's identifiers of the endpoints of a SIS. Source names have underscores, identifiers only hyphens. */
export function endpointsOf(lake: string, source: string) {
  const named = (part: string) => `${lake}-${source}-${part}`.replaceAll('_', '-');
  return { source: named('source'), loads: named('raw'), changes: named('changes') };
}

/** The crawler over the raw files of a SIS. */
export const crawlerOf = (lake: string, source: string): string => `${lake}-${source}-drift`;

/**
 * Where the lake lies on AWS: everything that the adapters must know of what was deployed. The stacks write it as
 * one JSON text into the output `Places` of the pipeline's stack, where the command line finds it, and, with `sis` in
 * place of `replication` and `drift`, into the environment of every function (`LAKE_PLACES`).
 */
export const awsPlacesSchema = z.strictObject({
  region: z.string(),
  account: z.string(),
  /** Names of the buckets, by zone. Keys keep their first part: `raw/canvas/…` lies in the bucket of raw. */
  buckets: z.strictObject({
    raw: z.string(),
    staged: z.string(),
    curated: z.string(),
    /** The lake's own records: publications, rendered notifications, and whatever is of no zone. */
    records: z.string(),
    /** Results of queries; emptied by its lifecycle. */
    results: z.string(),
  }),
  /** DynamoDB table of state records and ops rows: partition key `pk`, sort key `sk`, both text. */
  ledgerTable: z.string(),
  /** DynamoDB table of token buckets: partition key `bucket`, text; time to live in `expires`, epoch seconds. */
  limitsTable: z.string(),
  /** Prefix of the Glue databases, `_` included; empty for none. `canvas.users` is `<prefix>canvas`.`users`. */
  databasePrefix: z.string(),
  /** Workgroup in which the pipeline's own queries run. */
  workgroup: z.string(),
  /** Name of the Glue job that builds models of `engine: glue`. Absent: no model asks for it. */
  sparkJob: z.string().optional(),
  /**
   * DMS: one for each SIS source, by its name in campus.yaml, on an instance or with what a serverless replication is
   * made of. Absent: no SIS is replicated.
   */
  replication: z
    .record(
      z.string(),
      z.union([
        z.strictObject({ ...endpoints, ...onInstance }),
        z.strictObject({ ...endpoints, ...onServerless }),
      ]),
    )
    .optional(),
  /** What `replication` and `drift` have in common for all SIS: as long for forty of them as for one. */
  sis: z
    .union([z.strictObject({ ...shared, ...onInstance }), z.strictObject({ ...shared, ...onServerless })])
    .optional(),
  /** Crawlers over the raw files of each SIS, by its name in campus.yaml. Absent: no SIS is replicated. */
  drift: z
    .record(
      z.string(),
      z.strictObject({
        crawler: z.string(),
        /** Glue database of its own, prefix included. */
        database: z.string(),
        /** How often it looks. */
        everyDays: z.number().int(),
      }),
    )
    .optional(),
  /** Redshift Serverless. Absent: no warehouse, as in the frugal profile. */
  warehouse: z
    .strictObject({
      workgroup: z.string(),
      database: z.string(),
      host: z.string(),
      port: z.number().int(),
      /** Secret of the user who loads. Absent: the role that calls, as a user of its own. */
      loaderSecretArn: z.string().optional(),
      /** Role by which COPY reads the curated bucket. */
      copyRoleArn: z.string(),
      /** Read-only user of the dashboards, and the secret that holds its password. */
      reader: z.strictObject({ user: z.string(), secretArn: z.string() }),
    })
    .optional(),
  /** Lake Formation decides on tables. Absent: IAM alone does. */
  lakeFormation: z
    .strictObject({
      /** Key of the tag whose values are the privacy classes. */
      tagKey: z.string(),
    })
    .optional(),
  /** Where people ask Athena, and where CloudTrail keeps who did. Absent: what is deployed is of an earlier version. */
  history: z
    .strictObject({
      /** Names of workgroups without the lake's. */
      workgroups: z.array(z.string()),
      trail: z.strictObject({ bucket: z.string(), prefix: z.string() }).optional(),
    })
    .optional(),
  /** SNS topic of the daily word to the team. */
  topicArn: z.string(),
});

export type AwsPlaces = z.infer<typeof awsPlacesSchema>;

/** What was deployed to copy one SIS. */
export type ReplicationPlace = NonNullable<AwsPlaces['replication']>[string];
