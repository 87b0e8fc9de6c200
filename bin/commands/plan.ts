import type { Command } from 'commander';
import { InputError } from '../../src/errors.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  openCampus,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

export function definePlan(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      `
Reads the deployed stacks, records them in campus.deployed.json next to campus.yaml (commit it), and says whether
campus.yaml can be deployed over them: in one deployment, in two and in which order, or not at all. \`npx cdk deploy\`
reads the record, refuses changes that would fail, and protects the stacks that hold data. Stacks that campus.yaml no
longer describes are listed with their monthly cost.

Run it after the first deployment, and after each one that adds or removes a part. It changes nothing in the account.
Exit codes: 0 campus.yaml can be deployed, 2 it cannot be deployed in one step.

Examples:
  $ lake plan --target aws
  $ lake plan --target aws --json | jq '.obstacles'`,
    )
    .action((flags: CommonFlags & TargetFlags) => runCommand(() => plan(flags), flags));
}

async function plan(flags: CommonFlags & TargetFlags): Promise<number> {
  if (flags.target !== 'aws')
    throw new InputError('A lake on this machine is not deployed.', { hint: 'Add --target aws.' });
  const loaded = await openCampus(flags);
  const [{ lookAtDeployment }, { planInWords }] = await Promise.all([
    import('../aws/plan/look.ts'),
    import('../aws/plan/print.ts'),
  ]);
  const found = await lookAtDeployment(loaded, flags.campus);
  if (flags.json) printJson(found);
  else process.stdout.write(`${planInWords(found)}\n`);
  return found.obstacles.length > 0 ? EXIT.input : EXIT.done;
}
