import { z } from 'zod';

/** Sizes that DMS Serverless comes in: https://docs.aws.amazon.com/dms/latest/APIReference/API_ComputeConfig.html */
const DCUS = [1, 2, 4, 8, 16, 32, 64, 128, 192, 256, 384] as const;

const serverlessSchema = z
  .strictObject({
    minDcu: z.literal(DCUS).default(1).describe('Capacity that each replication never goes below'),
    maxDcu: z.literal(DCUS).describe('Capacity that each replication may grow to; 1 DCU is 2 GB of memory'),
  })
  .refine(({ minDcu, maxDcu }) => minDcu <= maxDcu, {
    error: 'may not be more than maxDcu',
    path: ['minDcu'],
  });

/** What only an instance has. */
const OF_AN_INSTANCE = ['instance', 'storageGb', 'engine'] as const;

const replicationFields = z.strictObject({
  instance: z
    .string()
    .regex(/^dms\.[a-z0-9]+\.[a-z0-9]+$/, 'an instance class such as dms.t3.small')
    .optional()
    .describe('Class of the DMS instance. Default: dms.t3.micro (frugal), dms.t3.medium (standard)'),
  storageGb: z
    .number()
    .int()
    .min(5)
    .max(6144)
    .optional()
    .describe('Disk of the instance, in GB. Default: 50'),
  engine: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as 3.6.1')
    .optional()
    .describe('Version of the DMS engine. Default: the newest when the instance is made'),
  serverless: serverlessSchema
    .optional()
    .describe(
      'DMS Serverless in place of an instance. Seldom cheaper: each load waits for its capacity, often for half an hour, tasks that capture changes are billed around the clock, a stopped replication for up to 48 hours, and it has no public address. Default: an instance',
    ),
  tablesPerTask: z.number().int().min(1).max(2000).default(500).describe('Tables of one DMS task at most'),
  reloadDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(28)
    .describe('With full-load-and-cdc: after so many days everything is loaded again'),
  followMinutes: z
    .union([z.literal(5), z.literal(15), z.literal(60)])
    .optional()
    .describe(
      'With full-load-and-cdc: between two runs changes are merged and published every so many minutes. Default: by runs only',
    ),
  certificates: z
    .record(z.string(), z.string())
    .optional()
    .describe("By source: a PEM file with the certificate that signed the database's own"),
  accountRoles: z
    .enum(['create', 'exist'])
    .default('create')
    .describe(
      'DMS wants roles of fixed names, once in an account (a third one for serverless): exist where another stack made them',
    ),
});

/** How DMS copies a SIS: `aws.replication` of campus.yaml. */
export const replicationSchema = replicationFields.superRefine((replication, context) => {
  if (!replication.serverless) return;
  for (const name of OF_AN_INSTANCE) {
    if (replication[name] === undefined) continue;
    context.addIssue({
      code: 'custom',
      path: [name],
      message: 'is of an instance, and serverless has none: leave one of the two out',
    });
  }
});
