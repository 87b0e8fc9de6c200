import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import axios, { isAxiosError } from 'axios';
import { z } from 'zod';
import type { AssistantConfig } from '../../campus/assistant-schema.ts';
import { LanguageModelError } from '../../ports/errors.ts';
import type { JsonSchema, LanguageModel, ModelAnswer, ModelLimits } from '../../ports/language-model.ts';
import { EXTRACT_SYSTEM } from '../language-model.ts';
import { Sha256 } from './sha256.ts';

const LONGEST = 1_000_000;
/** The one tool that a model must use: its input is the answer. */
const TOOL = 'answer';

const answerSchema = z.object({
  output: z.object({
    message: z.object({
      content: z.array(z.object({ toolUse: z.object({ name: z.string(), input: z.unknown() }).optional() })),
    }),
  }),
  usage: z.object({
    inputTokens: z.number().int().nonnegative(),
    outputTokens: z.number().int().nonnegative(),
  }),
});

/**
 * A model of Amazon Bedrock by the Converse API, signed with the credentials that the AWS SDK finds. The one call of
 * Bedrock that the lake makes, so without a client of Bedrock.
 * Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function openBedrockModel({
  model,
  region,
}: Extract<AssistantConfig['model'], { kind: 'bedrock' }>): LanguageModel {
  async function converse(
    system: string,
    user: string,
    schema: JsonSchema,
    { tokens, signal }: ModelLimits,
  ): Promise<ModelAnswer> {
    const body = JSON.stringify({
      system: [{ text: system }],
      messages: [{ role: 'user', content: [{ text: user }] }],
      inferenceConfig: { maxTokens: tokens, temperature: 0 },
      toolConfig: {
        tools: [
          { toolSpec: { name: TOOL, description: 'Gives the answer.', inputSchema: { json: schema } } },
        ],
        toolChoice: { tool: { name: TOOL } },
      },
    });
    const { url, headers } = await signed(model, region, body);
    const { data } = await axios
      .post<unknown>(url, body, { headers, signal, maxRedirects: 0, maxContentLength: LONGEST })
      .catch((error: unknown) => {
        throw new LanguageModelError(`The language model ${model} did not answer${reasonOf(error)}.`, {
          cause: error,
          hint: 'let the role do bedrock:InvokeModel on it, and see that the account has access to the model in this Region',
          retryable: true,
        });
      });
    const answer = answerSchema.safeParse(data);
    const used = answer.data?.output.message.content.find(({ toolUse }) => toolUse?.name === TOOL)?.toolUse;
    if (!answer.success || !used)
      throw new LanguageModelError(`The language model ${model} did not answer by the schema.`, {
        hint: 'choose a model that supports tool use with Converse',
      });
    const { inputTokens, outputTokens } = answer.data.usage;
    return { value: used.input, tokensIn: inputTokens, tokensOut: outputTokens };
  }
  return {
    name: `bedrock ${model}`,
    extract: (question, schema, limits) => converse(EXTRACT_SYSTEM, question, schema, limits),
    complete: converse,
  };
}

/** @throws LanguageModelError where there are no credentials */
async function signed(model: string, region: string | undefined, body: string) {
  const sts = new STSClient(region === undefined ? {} : { region });
  try {
    const where = await sts.config.region();
    const endpoint = endpointIn(where);
    const path = `/model/${encodeURIComponent(model)}/converse`;
    const signer = new SignatureV4({
      service: 'bedrock',
      region: where,
      credentials: sts.config.credentials,
      sha256: Sha256,
    });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      path,
      headers: { host: endpoint.host, 'content-type': 'application/json' },
      body,
    });
    const { host: _host, ...sent } = headers;
    return { url: `${endpoint.origin}${path}`, headers: sent };
  } catch (cause) {
    throw new LanguageModelError('A call of Bedrock could not be signed.', {
      cause,
      hint: 'see that this process has AWS credentials and a Region',
    });
  } finally {
    sts.destroy();
  }
}

/** As the SDK finds it: https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-env-vars.html */
function endpointIn(region: string): URL {
  const { AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL } = process.env;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? AWS_ENDPOINT_URL ?? `https://bedrock-runtime.${region}.${suffix}`,
  );
}

const reasonOf = (error: unknown): string => {
  if (!isAxiosError(error)) return '';
  if (error.code === 'ERR_CANCELED') return ' in time';
  return error.response ? ` (${error.response.status})` : '';
};
