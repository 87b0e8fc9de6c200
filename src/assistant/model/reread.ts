import { z } from 'zod';
import type { LanguageModel } from '../../ports/language-model.ts';
import type { Vocabulary } from '../question/vocabulary.ts';
import type { Budget } from './budget.ts';

const INTENTS = ['cause', 'status', 'find', 'define', 'owner', 'unknown'] as const;
const MOST_TOKENS = 200;
const schema = z.strictObject({ intent: z.enum(INTENTS), names: z.array(z.string()).max(5) });
const SCHEMA = z.toJSONSchema(schema, { target: 'draft-7' });

/**
 * Reads a question that grammar does not read, with the help of a model: only an intent of a closed list and names of the
 * vocabulary are taken from it.
 */
export async function reread(
  model: LanguageModel,
  budget: Budget,
  question: string,
  { tables, sources }: Vocabulary,
): Promise<
  | { readonly intent: (typeof INTENTS)[number]; readonly tables: string[]; readonly sources: string[] }
  | undefined
> {
  const { value } = await budget.call(question + JSON.stringify(SCHEMA), MOST_TOKENS, (tokens) =>
    model.extract(question, SCHEMA, { tokens, signal: budget.signal }),
  );
  const parsed = schema.safeParse(value);
  if (!parsed.success) return undefined;
  const { intent, names } = parsed.data;
  return {
    intent,
    tables: tables.filter((table) => names.includes(table)),
    sources: sources.filter((source) => names.includes(source)),
  };
}
