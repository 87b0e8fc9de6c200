import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import type { AssistantConfig } from '../campus/assistant-schema.ts';
import { LanguageModelError } from '../ports/errors.ts';
import type { JsonSchema, LanguageModel, ModelAnswer, ModelLimits } from '../ports/language-model.ts';
import type { SecretStore } from '../ports/secrets.ts';
import { EXTRACT_SYSTEM } from './language-model.ts';

/** An answer is a few KB; no server makes this process read more. */
const LONGEST = 1_000_000;

const answerSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z
    .object({
      prompt_tokens: z.number().int().nonnegative(),
      completion_tokens: z.number().int().nonnegative(),
    })
    .optional(),
});

/**
 * Any server that speaks OpenAI's chat completions with structured outputs: OpenAI, vLLM, llama.cpp, Ollama.
 * Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export function openOpenAiModel(
  { url, model, key }: Extract<AssistantConfig['model'], { kind: 'openai' }>,
  secrets: SecretStore,
): LanguageModel {
  async function chat(
    system: string,
    user: string,
    schema: JsonSchema,
    { tokens, signal }: ModelLimits,
  ): Promise<ModelAnswer> {
    const secret = key === undefined ? undefined : await secrets.get(key);
    const { data } = await axios
      .post<unknown>(
        `${url.replace(/\/$/, '')}/chat/completions`,
        {
          model,
          temperature: 0,
          max_tokens: tokens,
          messages: [
            { role: 'system', content: system },
            { role: 'user', content: user },
          ],
          response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
        },
        {
          headers: secret === undefined ? {} : { authorization: `Bearer ${secret}` },
          signal,
          maxRedirects: 0,
          maxContentLength: LONGEST,
        },
      )
      .catch((error: unknown) => {
        throw new LanguageModelError(`The language model ${model} did not answer${reasonOf(error)}.`, {
          cause: error,
          hint: 'see `assistant` in campus.yaml; rules answer without it',
          retryable: true,
        });
      });
    const answer = answerSchema.safeParse(data);
    if (!answer.success) throw notBySchema(model);
    const { choices, usage } = answer.data;
    const { content } = choices[0]!.message;
    return {
      value: jsonOf(content, model),
      tokensIn: usage?.prompt_tokens ?? estimated(system + user),
      tokensOut: usage?.completion_tokens ?? estimated(content),
    };
  }
  return {
    name: `openai ${model}`,
    extract: (question, schema, limits) => chat(EXTRACT_SYSTEM, question, schema, limits),
    complete: chat,
  };
}

const reasonOf = (error: unknown): string => {
  if (!isAxiosError(error)) return '';
  if (error.code === 'ERR_CANCELED') return ' in time';
  return error.response ? ` (${error.response.status})` : '';
};

function jsonOf(text: string, model: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notBySchema(model);
  }
}

const notBySchema = (model: string) =>
  new LanguageModelError(`The language model ${model} did not answer by the schema.`, {
    hint: 'the server must support structured outputs (response_format json_schema)',
  });

/** Where a server does not count: about three characters a token. */
const estimated = (text: string): number => Math.ceil(text.length / 3);
