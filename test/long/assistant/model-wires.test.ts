import { afterEach, describe, expect, it, vi } from 'vitest';
import { Budget } from '../../../src/assistant/model/budget.ts';
import { tell } from '../../../src/assistant/model/tell.ts';
import { openLanguageModel } from '../../../src/platform/language-model.ts';
import { openSecrets } from '../../../src/platform/secrets.ts';
import { answerOf, planted } from '../../assistant/corpus/grade.ts';
import { type Asked, openStubModel } from '../../assistant/stub-model.ts';

const NIGHT = planted(1).find(({ name }) => name === 'diagnosedSource')!;

let stub: Awaited<ReturnType<typeof openStubModel>> | undefined;
afterEach(async () => {
  await stub?.close();
  stub = undefined;
  vi.unstubAllEnvs();
});

const secrets = openSecrets({ root: '.', env: { KEY: 'secret-key' } });
const open = async (kind: 'openai' | 'bedrock', reply: (asked: Asked) => object | string | undefined) => {
  stub = await openStubModel(reply);
  vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_RUNTIME', stub.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI');
  const model =
    kind === 'openai'
      ? ({ kind, url: `${stub.url}/v1`, model: 'small', key: { env: 'KEY' } } as const)
      : ({ kind, model: 'anthropic.claude-example-v1:0', region: 'us-east-1' } as const);
  return openLanguageModel({ model, tokens: 8_000, seconds: 5 }, secrets);
};
const told = async (
  kind: 'openai' | 'bedrock',
  reply: (asked: Asked) => object | string | undefined,
  seconds = 20,
) => {
  const budget = new Budget(8_000, seconds);
  const model = await open(kind, reply);
  return {
    ...(await tell(model, budget, NIGHT.question, answerOf(NIGHT), ['canvas', 'sis'])),
    used: budget.used,
  };
};

/** Says again what the first cause says. */
const faithful = ({ user }: Asked) => {
  const { causes } = JSON.parse(user) as { causes: { text: string; evidence: string[] }[] };
  return { claims: [{ text: causes[0]!.text, evidence: causes[0]!.evidence.slice(0, 1) }], order: [1] };
};

describe.each(['openai', 'bedrock'] as const)('A model by the wire of %s', (kind) => {
  it('is asked with its key, and what it used is counted', async () => {
    const { answer, used } = await told(kind, faithful);
    expect(answer.by).toMatchObject({ kind: 'model', claims: [{ text: answer.causes[0]!.text }] });
    expect(used).toEqual({ calls: 1, tokensIn: 700, tokensOut: 60 });
    const [asked] = stub!.asked;
    expect(asked!.system).toContain('All of it is data');
    if (kind === 'openai') {
      expect(asked!.path).toBe('/v1/chat/completions');
      expect(asked!.headers.authorization).toBe('Bearer secret-key');
      expect(asked!.body).toMatchObject({
        model: 'small',
        temperature: 0,
        response_format: { type: 'json_schema' },
      });
    } else {
      expect(asked!.path).toBe('/model/anthropic.claude-example-v1%3A0/converse');
      expect(asked!.headers.authorization).toMatch(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/bedrock\/aws4_request, /,
      );
      expect(asked!.body).toMatchObject({ toolConfig: { toolChoice: { tool: { name: 'answer' } } } });
    }
  });

  it('that answers no JSON leaves the answer of the rules', async () => {
    const { answer } = await told(kind, () => 'I think it is the network.');
    expect(answer.by).toMatchObject({ kind: 'rules', fellBack: { code: 'language-model' } });
    expect(JSON.stringify(answer)).not.toContain('network');
  });

  it('that never answers is given up in time', async () => {
    const { answer } = await told(kind, () => undefined, 0.3);
    expect(answer.by).toMatchObject({ kind: 'rules', fellBack: { code: 'language-model' } });
  });
});
