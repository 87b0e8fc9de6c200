import { z } from 'zod';
import { isTrustworthy } from './api-schema.ts';
import { secretRefSchema } from './secret-schema.ts';
import { word } from './words.ts';

const bedrock = z.strictObject({
  kind: z.literal('bedrock'),
  model: word().describe('Id of a model or an inference profile that your account may use'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region such as us-east-1')
    .optional()
    .describe('Default: that of the AWS credentials'),
});

const openai = z.strictObject({
  kind: z.literal('openai'),
  url: z
    .string()
    .refine(isTrustworthy, { error: 'an https address, or http on this machine, without user or password' })
    .describe('Where /chat/completions is, such as http://127.0.0.1:11434/v1'),
  model: word().describe('Name of the model there'),
  key: secretRefSchema.optional().describe('API key. Default: none is sent'),
});

/** Whether `lake ask` asks a language model, and which. */
export const assistantSchema = z.strictObject({
  model: z.discriminatedUnion('kind', [bedrock, openai]),
  tokens: z
    .number()
    .int()
    .min(500)
    .max(200_000)
    .default(8_000)
    .describe('Most tokens of one question, read and written'),
  seconds: z.number().int().min(1).max(300).default(30).describe('Longest time of one question'),
});

export type AssistantConfig = z.infer<typeof assistantSchema>;
