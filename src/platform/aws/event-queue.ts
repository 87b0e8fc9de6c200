import { STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { z } from 'zod';
import { EventQueueError } from '../../ports/errors.ts';
import type { EventQueue } from '../../ports/event-queue.ts';
import { Sha256 } from './sha256.ts';

const WAIT_SECONDS = 20;
/** Messages that were taken and not removed come again after so long, seconds. */
const INVISIBLE_SECONDS = 60;

const receivedSchema = z.object({
  Messages: z.array(z.object({ ReceiptHandle: z.string(), Body: z.string() })).nullish(),
});
const removedSchema = z.object({ Failed: z.array(z.unknown()).nullish() });

/**
 * A queue of Amazon SQS. Two calls are all that the lake makes of SQS, so without a client of it:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export function openEventQueue(url: string, region?: string): EventQueue {
  const queue = new URL(url);
  const where = region ?? /^sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queue.hostname)?.[1];
  const sts = new STSClient(where === undefined ? {} : { region: where });

  async function call(action: string, input: object, signal?: AbortSignal): Promise<unknown> {
    const body = JSON.stringify({ QueueUrl: url, ...input });
    try {
      const signer = new SignatureV4({
        service: 'sqs',
        region: where ?? (await sts.config.region()),
        credentials: sts.config.credentials,
        sha256: Sha256,
      });
      const { headers } = await signer.sign({
        method: 'POST',
        protocol: queue.protocol,
        hostname: queue.hostname,
        ...(queue.port ? { port: Number(queue.port) } : {}),
        path: '/',
        headers: {
          host: queue.host,
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AmazonSQS.${action}`,
        },
        body,
      });
      const patience = AbortSignal.timeout((WAIT_SECONDS + 15) * 1000);
      const response = await fetch(new URL('/', queue), {
        method: 'POST',
        headers,
        body,
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
      });
      if (!response.ok) throw refused(response.status);
      return await response.json();
    } catch (error) {
      if (error instanceof EventQueueError || signal?.aborted) throw error;
      throw new EventQueueError('The queue of live events cannot be reached.', {
        about: 'live events',
        cause: error,
        hint: 'Log in to AWS (aws sso login), or set AWS_PROFILE; see queueUrl in campus.yaml.',
      });
    }
  }

  return {
    async receive(signal) {
      const answer = receivedSchema.parse(
        await call(
          'ReceiveMessage',
          {
            MaxNumberOfMessages: 10,
            WaitTimeSeconds: WAIT_SECONDS,
            VisibilityTimeout: INVISIBLE_SECONDS,
          },
          signal,
        ),
      );
      return (answer.Messages ?? []).map(({ ReceiptHandle, Body }) => ({
        receipt: ReceiptHandle,
        body: Body,
      }));
    },
    async remove(messages) {
      // What could not be removed comes again, and is known then.
      removedSchema.parse(
        await call('DeleteMessageBatch', {
          Entries: messages.map(({ receipt }, i) => ({ Id: String(i), ReceiptHandle: receipt })),
        }),
      );
    },
  };
}

function refused(status: number): EventQueueError {
  return new EventQueueError(`The queue of live events refused the call: ${status}.`, {
    about: 'live events',
    hint:
      status === 403
        ? 'Let these credentials do sqs:ReceiveMessage and sqs:DeleteMessage on the queue.'
        : 'See whether there is a queue at queueUrl in campus.yaml.',
  });
}
