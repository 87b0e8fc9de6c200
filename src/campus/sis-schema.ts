import { z } from 'zod';
import { secretRefSchema } from './secret-schema.ts';
import { SIS_ENCODINGS } from './sis-encodings.ts';
import { host, nameAtSource, word } from './words.ts';

/** What a SIS is described by, whatever its database. */
function sisSource<Kind extends string>(kind: Kind, port: number) {
  return z.strictObject({
    kind: z.literal(kind),
    host: host(),
    port: z.number().int().min(1).max(65535).default(port),
    database: word(),
    user: word(),
    password: secretRefSchema,
    ssl: z.enum(['disable', 'require', 'verify-full']).default('verify-full'),
    replication: z
      .enum(['full-load', 'full-load-and-cdc'])
      .optional()
      .describe('The whole SIS in each run, or once and from then on what changes. Default: full-load'),
    overInternet: z
      .boolean()
      .optional()
      .describe(
        'AWS: DMS may have a public address, to go out from to this source. Default: false, it wants a VPN or a VPC',
      ),
    schemas: z
      .array(nameAtSource())
      .optional()
      .describe('Schemas that discover reads. Default: all but the system ones'),
    tableMappings: word()
      .optional()
      .describe('A file in the DMS table-mapping language. Default: derived from the catalog'),
    maxConnections: z
      .number()
      .int()
      .min(1)
      .max(32)
      .optional()
      .describe('Readers at once. Default: the number of cores'),
    maxLobKb: z
      .number()
      .int()
      .min(1)
      .max(51_200)
      .optional()
      .describe(
        'AWS: a text or binary value of so many KB or more fails its table, instead of being cut by DMS; more takes more memory. Default: 31',
      ),
    encoding: z
      .enum(SIS_ENCODINGS)
      .optional()
      .describe(
        'Of a PostgreSQL in SQL_ASCII, which does not know it: what its texts are in. Default: only ASCII and UTF-8 are read',
      ),
  });
}

/**
 * DMS's own table in the source, which it writes so that a quiet database, too, lets go of its log.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html
 */
const heartbeat = z.strictObject({
  schema: z.string().min(1).describe('Schema in which DMS may create and write awsdms_heartbeat'),
  minutes: z.number().int().min(1).max(60).default(5).describe('Minutes between two beats'),
});

/** Both homes can copy it. */
export const postgresSource = sisSource('postgres', 5432).extend({
  publication: nameAtSource()
    .optional()
    .describe(
      'One machine, with full-load-and-cdc: a publication that the owner of the tables has made. Default: the lake makes one',
    ),
  heartbeat: heartbeat
    .optional()
    .describe(
      'With full-load-and-cdc: a row that DMS writes in the SIS. Default: none, the SIS is only read',
    ),
});

/** Only the AWS target can copy these: AWS DMS speaks to them, the replicator of one machine does not. */
export const dmsOnlySources = [
  sisSource('oracle', 1521),
  sisSource('sqlserver', 1433),
  sisSource('mysql', 3306),
] as const;
