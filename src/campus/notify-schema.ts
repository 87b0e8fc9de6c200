import { z } from 'zod';
import { secretRefSchema } from './secret-schema.ts';
import { host, mailAddress, word } from './words.ts';

const authority = secretRefSchema
  .optional()
  .describe("Certificates (PEM) of the college's own authority, trusted besides the known ones");

/** Which messages an entry takes. */
const route = {
  kinds: z
    .array(z.enum(['run', 'notice', 'daily', 'weekly']))
    .min(1)
    .optional()
    .describe(
      'run: how each run ended; notice: incidents and service levels; daily: a line a day; weekly: budgets and savings. Default: run and notice',
    ),
  owners: z
    .array(word())
    .min(1)
    .optional()
    .describe('Only what concerns data of these owners, as the catalog names them. Default: everything'),
  from: z.enum(['info', 'warning', 'error']).optional().describe('The mildest that is sent. Default: info'),
};

const retryMinutes = (least: number) =>
  z.number().int().min(0).max(240).default(least).describe('How long it is asked again, every 5 minutes');

/** Somebody of a Slack workspace who may press buttons. */
const slackPerson = z.strictObject({
  name: word().describe('Who it is, for the records'),
  role: word().describe('A role of access.yaml, or administrator'),
});

/** One entry under `notify`. */
export const notifySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('console'), ...route }),
  z.strictObject({ kind: z.literal('file'), path: word(), ...route }),
  z.strictObject({ kind: z.literal('webhook'), url: secretRefSchema, ca: authority, ...route }),
  z.strictObject({
    kind: z.literal('slack'),
    url: secretRefSchema,
    ca: authority,
    ...route,
    signingSecret: secretRefSchema
      .optional()
      .describe('Of the Slack app: messages on incidents get buttons, which `lake incidents listen` answers'),
    people: z
      .record(
        z.string().regex(/^[UW][A-Z0-9]{2,}$/, "a member's id in Slack, such as U024BE7LH"),
        slackPerson,
      )
      .optional()
      .describe('Who may press them, by member id. Default: nobody'),
  }),
  z.strictObject({
    kind: z.literal('subscription'),
    url: secretRefSchema,
    secret: secretRefSchema.describe('Signs every request: whsec_ and 24 to 64 bytes in base64'),
    previousSecret: secretRefSchema
      .optional()
      .describe('The secret before, while receivers change over: requests are signed with both'),
    events: z
      .array(
        z
          .string()
          .regex(
            /^campus-lake(\.[a-z][a-z0-9-]*){0,2}$/,
            'the beginning of a type of events, in whole words',
          ),
      )
      .min(1)
      .optional()
      .describe('Only events whose type begins so, such as campus-lake.incident. Default: all'),
    allowPrivate: z
      .boolean()
      .default(false)
      .describe("Whether the address may be one of the college's own network, and plain http"),
    ca: authority,
    retryMinutes: retryMinutes(30),
  }),
  z.strictObject({
    kind: z.literal('email'),
    host: host(),
    port: z.number().int().min(1).max(65535).default(587),
    from: mailAddress(),
    to: z.array(mailAddress()).min(1),
    user: word().optional(),
    password: secretRefSchema.optional(),
    ca: authority,
    retryMinutes: z
      .number()
      .int()
      .min(0)
      .max(240)
      .default(30)
      .describe('How long a server that says "later" (greylisting) is asked again, every 5 minutes'),
    on: z.enum(['always', 'failure']).default('always'),
    kinds: route.kinds,
    owners: route.owners,
  }),
]);
