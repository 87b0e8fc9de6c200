import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { readStacks } from '../../teardown/read-stacks.ts';
import { type Probe, proven, refuted } from '../probe.ts';

/** States of a stack whose last deployment was carried out. */
const DONE = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

/** CloudFormation's own planning: no emulator has it. */
export const stacks: Probe = {
  name: 'stacks',
  claim: 'CloudFormation has carried out the deployment of every stack',
  async ask({ lake, places }) {
    const client = new CloudFormationClient({ region: places.region });
    try {
      const standing = await readStacks(client, lake);
      const failed = standing.filter(({ status }) => !DONE.test(status));
      return failed.length === 0
        ? proven(`${standing.length} stacks, the last deployment of each complete`)
        : refuted(
            failed.map(({ name, status }) => `${name}: ${status}`).join(', '),
            'npx cdk deploy --all, and docs/runbook.md for what holds it up',
          );
    } finally {
      client.destroy();
    }
  },
};
