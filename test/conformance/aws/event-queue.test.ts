import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEventQueue } from '../../../src/platform/aws/event-queue.ts';
import { type Ministack, REGION, startMinistack } from './ministack.ts';

let ministack: Ministack;
const before = { ...process.env };
beforeAll(async () => {
  ministack = await startMinistack();
  Object.assign(process.env, ministack.env);
});
afterEach(() => Object.assign(process.env, ministack.env));
afterAll(async () => {
  process.env = before;
  await ministack.stop();
});

/** SQS by its JSON protocol, as Canvas's sender would. */
async function sqs(action: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(ministack.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20261201/${REGION}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${action}: ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
}

describe('a queue of SQS', () => {
  const never = new AbortController().signal;

  it('gives messages, again until they are removed, and no more then', async () => {
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'canvas-live-events-test' });
    const url = new URL(String(QueueUrl));
    const queue = openEventQueue(`${ministack.endpoint}${url.pathname}`, REGION);
    const bodies = ['{"a":"ü"}', 'no event', '{"b":2}'];
    for (const MessageBody of bodies) await sqs('SendMessage', { QueueUrl, MessageBody });

    const taken: { receipt: string; body: string }[] = [];
    while (taken.length < bodies.length) taken.push(...(await queue.receive(never)));
    expect(taken.map(({ body }) => body).sort()).toEqual([...bodies].sort());
    await queue.remove(taken);

    const { Attributes } = await sqs('GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    expect(Attributes).toEqual({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('stops waiting when it is told to', async () => {
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: 'canvas-live-events-empty' });
    const queue = openEventQueue(`${ministack.endpoint}${new URL(String(QueueUrl)).pathname}`, REGION);
    const stop = new AbortController();
    const waiting = queue.receive(stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toThrow();
  });

  it('says so where there is none, or where it cannot be reached', async () => {
    const none = openEventQueue(`${ministack.endpoint}/000000000000/canvas-live-events-none`, REGION);
    await expect(none.receive(never)).rejects.toMatchObject({ code: 'event-queue' });
    const nobody = openEventQueue('http://127.0.0.1:1/000000000000/canvas-live-events', REGION);
    await expect(nobody.receive(never)).rejects.toMatchObject({ code: 'event-queue', retryable: true });
  });
});
