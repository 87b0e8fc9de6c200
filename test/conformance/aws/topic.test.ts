import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTopic } from '../../../src/platform/aws/topic.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, REGION, startMinistack } from './ministack.ts';
import { subscribe } from './subscriber.ts';

let ministack: Ministack;
let sns: SNSClient;
beforeAll(async () => {
  ministack = await startMinistack();
  sns = new SNSClient(clientConfig(ministack.endpoint));
});
afterAll(() => ministack.stop());

/** A topic and what its one subscriber received. */
async function subscribedTopic() {
  const { TopicArn: arn } = await sns.send(new CreateTopicCommand({ Name: randomUUID() }));
  return { arn: arn!, received: await subscribe(ministack, arn!) };
}

describe('the topic of the AWS target', () => {
  it('hands subject and text to its subscribers', async () => {
    const { arn, received } = await subscribedTopic();

    await openTopic({ sns, arn }).publish({ subject: 'Lake: all loaded', text: 'line 1\nline 2 – ✓\n' });

    expect(await received()).toMatchObject([
      { Subject: 'Lake: all loaded', Message: 'line 1\nline 2 – ✓\n' },
    ]);
  });

  it('makes any subject one that SNS takes, and cuts a text that is too long for it', async () => {
    const { arn, received } = await subscribedTopic();

    await openTopic({ sns, arn }).publish({
      subject: `École – ✓\n${'x'.repeat(200)}`,
      text: 'é'.repeat(200_000),
    });

    const [message] = await received();
    expect(message?.Subject).toMatch(/^Ecole - \? x+$/);
    expect(message?.Subject).toHaveLength(99);
    expect(Buffer.byteLength(message!.Message)).toBeLessThanOrEqual(262_144);
    expect(message?.Message).toMatch(/^é+\ufffd?\n… \(cut: .*\)$/);
  });

  it('says so when there is no such topic', async () => {
    const arn = `arn:aws:sns:${REGION}:000000000000:none`;

    await expect(openTopic({ sns, arn }).publish({ subject: 's', text: 't' })).rejects.toThrow(
      'Telling the SNS topic failed: NotFound',
    );
  });
});
