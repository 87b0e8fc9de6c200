import { z } from 'zod';
import { secretRefSchema } from './secret-schema.ts';

/** What a SIS is described by, whatever its database. */
function sisSource<Kind extends string>(kind: Kind, port: number) {
  return z.strictObject({
    kind: z.literal(kind),
    host: z.string(),
    port: z.number().int().min(1).max(65535).default(port),
    database: z.string(),
    user: z.string(),
    password: secretRefSchema,
    ssl: z.enum(['disable', 'require', 'verify-full']).default('verify-full'),
    schemas: z
      .array(z.string())
      .optional()
      .describe('Schemas that discover reads. Default: all but the system ones'),
    tableMappings: z
      .string()
      .optional()
      .describe('A file in the DMS table-mapping language. Default: derived from the catalog'),
    connections: z
      .number()
      .int()
      .min(1)
      .max(32)
      .optional()
      .describe('Readers at once. Default: the number of cores'),
  });
}

/** Both homes can copy it. */
export const postgresSource = sisSource('postgres', 5432);

/** Only the AWS home can copy these: AWS DMS speaks to them, the replicator of one machine does not. */
export const dmsOnlySources = [
  sisSource('oracle', 1521),
  sisSource('sqlserver', 1433),
  sisSource('mysql', 3306),
] as const;
