import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Ministack } from '../aws/ministack.ts';

export interface Execution {
  readonly arn: string;
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
}

export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** A client of the emulator's Step Functions. */
export const stepFunctions = ({ endpoint }: Pick<Ministack, 'endpoint'>): SFNClient =>
  new SFNClient({ endpoint, region: 'us-east-1', credentials });

/** Starts an execution and waits for its end. */
export async function execute(sfn: SFNClient, machine: string, input: object = {}): Promise<Execution> {
  const started = await sfn.send(
    new StartExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) }),
  );
  const executionArn = started.executionArn!;
  for (;;) {
    const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { arn: executionArn, status: String(status), error, cause };
    await sleep(200);
  }
}
