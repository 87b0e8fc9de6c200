import { randomUUID } from 'node:crypto';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { clientConfig } from './clients.ts';
import { type Ministack, REGION } from './ministack.ts';

export interface Received {
  readonly Subject: string;
  readonly Message: string;
}

/** Subscribes a new queue to a topic. @returns what it has received since it was last asked */
export async function subscribe(
  { endpoint }: Pick<Ministack, 'endpoint'>,
  topicArn: string,
): Promise<() => Promise<Received[]>> {
  const sqs = <T>(operation: string, body: object) => askQueues<T>(endpoint, operation, body);
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: randomUUID() });
  const { Attributes } = await sqs<{ Attributes: { QueueArn: string } }>('GetQueueAttributes', {
    QueueUrl,
    AttributeNames: ['QueueArn'],
  });
  const sns = new SNSClient(clientConfig(endpoint));
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn }),
  );
  return async () => {
    const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>('ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
    });
    return Messages.map(({ Body }) => JSON.parse(Body) as Received);
  };
}

/** SQS in its JSON protocol. @throws Error with its words */
async function askQueues<T>(endpoint: string, operation: string, body: object): Promise<T> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'x-amz-target': `AmazonSQS.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/sqs/aws4_request`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`SQS ${operation}: ${await answer.text()}`);
  return (await answer.json()) as T;
}
