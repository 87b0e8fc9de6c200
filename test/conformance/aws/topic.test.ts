import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTopic } from '../../../src/platform/aws/topic.ts';
import { clientConfig } from './clients.ts';
import { type Ministack, REGION, startMinistack } from './ministack.ts';

let ministack: Ministack;
let sns: SNSClient;
beforeAll(async () => {
  ministack = await startMinistack();
  sns = new SNSClient(clientConfig(ministack.endpoint));
});
afterAll(() => ministack.stop());

/** SQS in its JSON protocol. */
async function sqs<T>(operation: string, body: object): Promise<T> {
  const answer = await fetch(ministack.endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/sqs/aws4_request`,
    },
    body: JSON.stringify(body),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return (await answer.json()) as T;
}

/** A topic and what its one subscriber received. */
async function subscribedTopic() {
  const name = randomUUID();
  const { TopicArn: arn } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: name });
  const { Attributes } = await sqs<{ Attributes: { QueueArn: string } }>('GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['QueueArn'],
  });
  await sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'sqs', Endpoint: Attributes.QueueArn }));
  const received = async () => {
    const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    return Messages.map(({ Body }) => JSON.parse(Body) as { Subject: string; Message: string });
  };
  return { arn: arn!, received };
}

describe('the topic of the AWS home', () => {
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
