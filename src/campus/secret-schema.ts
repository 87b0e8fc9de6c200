import { z } from 'zod';

/** Where a secret lies. The file itself never holds one. */
export const secretRefSchema = z
  .union([
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable, in capitals')
        .describe('Name of an environment variable'),
    }),
    z.strictObject({
      file: z.string().min(1).describe('A file, relative to this one; its trailing newline is cut'),
    }),
    z.strictObject({
      secretsManager: z.string().min(1).describe('Name or ARN in AWS Secrets Manager'),
      field: z.string().optional().describe('A field, where the secret is a JSON object'),
    }),
  ])
  .describe('Where the secret lies: { env: NAME }, { file: path } or { secretsManager: id }');
