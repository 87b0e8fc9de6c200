import { ListExecutionsCommand, paginateGetExecutionHistory, SFNClient } from '@aws-sdk/client-sfn';
import { called } from '../../../../src/platform/aws/errors.ts';
import { open, type Probe, proven, refuted } from '../probe.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MOST_EVENTS = 25_000;

/** Functions, runtime, rights and limits of a real execution, all at once. */
export const runs: Probe = {
  name: 'run',
  claim: 'a whole run has succeeded, and its history is far from the limit of Step Functions',
  async ask({ places, stateMachineArn }) {
    const client = new SFNClient({ region: places.region });
    try {
      const query = new ListExecutionsCommand({ stateMachineArn, maxResults: 50 });
      const { executions = [] } = await called('Listing the runs', 'run', client.send(query));
      const last = executions.find(({ status }) => status !== 'RUNNING');
      if (!last) return open('no run has ended yet', 'npx lake run --target aws, then again');
      if (last.status !== 'SUCCEEDED')
        return refuted(`the last run ended ${last.status}`, 'npx lake status --target aws says what failed');
      const minutes = (last.stopDate!.getTime() - last.startDate!.getTime()) / 60_000;
      const events = await countEvents(client, last.executionArn!);
      const seen = `${minutes.toFixed(0)} minutes, ${events.toLocaleString('en')} of ${MOST_EVENTS.toLocaleString('en')} events`;
      return events < MOST_EVENTS / 2
        ? proven(seen)
        : refuted(seen, 'fewer models in a run, or a faster copy of the SIS: npx lake limits');
    } finally {
      client.destroy();
    }
  },
};

/** Events are numbered: the last one tells how many there are. */
async function countEvents(client: SFNClient, executionArn: string): Promise<number> {
  const pages = paginateGetExecutionHistory(
    { client, pageSize: 1 },
    { executionArn, reverseOrder: true, includeExecutionData: false },
  );
  return called(
    'Reading the history of the run',
    'run',
    (async () => {
      for await (const { events = [] } of pages) return events[0]?.id ?? 0;
      return 0;
    })(),
  );
}
