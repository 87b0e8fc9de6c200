import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { functionsAtOnce } from '../../../src/platform/aws/account/functions-at-once.ts';

let server: Server;
let asked: { url?: string; headers: IncomingHttpHeaders }[];
let answer: { status: number; body: unknown };

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push({ url: request.url, headers: request.headers });
    response
      .writeHead(answer.status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer.body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.close();
});

it('asks Lambda, signed for it', async () => {
  answer = {
    status: 200,
    body: { AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 8 }, AccountUsage: {} },
  };
  expect(await functionsAtOnce('us-east-2')).toEqual({ limit: 10, free: 8 });
  expect(asked[0]!.url).toBe('/2016-08-19/account-settings/');
  expect(asked[0]!.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-2\/lambda\/aws4_request, SignedHeaders=host;.*, Signature=[0-9a-f]{64}$/,
  );
});

it.each([
  [403, { Message: 'User is not authorized' }, 'lambda:GetAccountSettings'],
  [500, {}, 'Service Quotas'],
  [200, { AccountUsage: {} }, 'Service Quotas'],
])('says what to do where Lambda answers %d', async (status, body, hint) => {
  answer = { status, body };
  await expect(functionsAtOnce('us-east-2')).rejects.toMatchObject({
    name: 'AwsCallError',
    hint: expect.stringContaining(hint),
  });
});
