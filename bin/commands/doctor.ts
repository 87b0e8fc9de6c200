import type { Command } from 'commander';
import type { AwsDoctorContext } from '../../src/app/doctor/aws/context.ts';
import { checkDeclaredNone } from '../../src/app/doctor/check-declared-none.ts';
import { checkFeatureFiles } from '../../src/app/doctor/check-feature-files.ts';
import { checkKept } from '../../src/app/doctor/check-kept.ts';
import { checkModelChecks } from '../../src/app/doctor/check-model-checks.ts';
import { checkModels } from '../../src/app/doctor/check-models.ts';
import { checkNotify } from '../../src/app/doctor/check-notify.ts';
import { checkSecrets } from '../../src/app/doctor/check-secrets.ts';
import { checkSources } from '../../src/app/doctor/check-sources.ts';
import { examinationOf, examine, problemFindings } from '../../src/app/doctor/examine.ts';
import type { Check, DoctorContext, Finding } from '../../src/app/doctor/finding.ts';
import { CampusFileError } from '../../src/campus/errors.ts';
import { colours } from '../../src/colours.ts';
import { FEATURES } from '../../src/features.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { openLocalRateLimits } from '../../src/platform/local/rate-limits.ts';
import { readersOf } from '../../src/platform/local/replication/replication.ts';
import { openSecrets } from '../../src/platform/secrets.ts';
import { checkMachine } from '../doctor/check-machine.ts';
import { stopSignal } from '../stop-signal.ts';
import { withLake } from '../with-lake.ts';
import {
  addCommonOptions,
  addTargetOption,
  type CommonFlags,
  EXIT,
  printJson,
  runCommand,
  type TargetFlags,
} from './common.ts';

/** In the order in which a person would fix things. */
const CHECKS: readonly Check[] = [
  checkSecrets,
  checkKept,
  checkDeclaredNone,
  checkSources,
  checkModels,
  checkModelChecks,
  checkFeatureFiles,
  checkMachine,
  checkNotify,
];

export function defineDoctor(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      `
It is read-only, except for a probe file in the lake's folder. With --target aws it checks your AWS identity, CDK
bootstrap, secrets, Lake Formation, Lambda's quota, DMS connectivity and CDC privileges. Exit codes: 0 nothing fails, 1 a check fails,
2 campus.yaml or the catalog must be corrected.

Examples:
  $ lake doctor
  $ lake doctor --json | jq '.findings[] | select(.status != "ok")'`,
    )
    .action((flags: CommonFlags & TargetFlags) => runCommand(() => doctor(flags), flags));
}

async function doctor(flags: CommonFlags & TargetFlags): Promise<number> {
  const show = flags.json ? () => {} : printer();
  const findings: Finding[] = [];
  const take = (finding: Finding) => {
    findings.push(finding);
    show(finding);
  };
  let code: number | undefined;
  try {
    for await (const finding of await findingsOf(flags)) take(finding);
  } catch (error) {
    if (!(error instanceof CampusFileError)) throw error;
    for (const finding of problemFindings(error.problems)) take(finding);
    code = EXIT.input;
  }
  const examination = examinationOf(findings);
  const { warnings, failures } = examination;
  if (flags.json) printJson(examination);
  else
    process.stdout.write(
      failures > 0
        ? `\n${failures} to fix before a run, ${warnings} to look at.\n`
        : `\nReady for a run${warnings > 0 ? `; ${warnings} to look at` : ''}: lake run\n`,
    );
  return code ?? (failures > 0 ? EXIT.failed : EXIT.done);
}

/** @throws CampusFileError when the campus cannot be loaded */
async function findingsOf(flags: CommonFlags & TargetFlags): Promise<AsyncIterable<Finding>> {
  // Not the one of commands: here old names in the files are findings.
  const [{ loadCampus }, { chosenEnvironment }] = await Promise.all([
    import('../../src/campus/load.ts'),
    import('../load-campus.ts'),
  ]);
  const loaded = await loadCampus(flags.campus, undefined, chosenEnvironment());
  const context: DoctorContext = {
    ...loaded,
    features: FEATURES,
    secrets: openSecrets({ root: loaded.campus.root }),
    limits: openLocalRateLimits(systemClock),
    open: withLake,
    readersOf,
    expectedBytes: 0,
    signal: stopSignal(),
  };
  if (flags.target === 'local') return examine(context, CHECKS);
  const { AWS_CHECKS } = await import('../../src/app/doctor/aws/checks.ts');
  return examine(await awsContextOf(context), AWS_CHECKS);
}

/** The context as the AWS target sees it: its secrets are in Secrets Manager. */
async function awsContextOf(context: DoctorContext): Promise<AwsDoctorContext> {
  const [{ SecretsManagerClient }, { openAwsSecrets }, { openCloudAccount }] = await Promise.all([
    import('@aws-sdk/client-secrets-manager'),
    import('../../src/platform/aws/secrets.ts'),
    import('../../src/platform/aws/account/account.ts'),
  ]);
  const secretsManager = new SecretsManagerClient({ region: context.campus.aws?.region });
  const secrets = openAwsSecrets({ secretsManager, clock: systemClock, root: context.campus.root });
  return { ...context, secrets, account: openCloudAccount(context.campus) };
}

/** Prints findings as they come, with a sign that colour only underlines. */
function printer(): (finding: Finding) => void {
  const paint = colours();
  const signs = { ok: paint.green('ok  '), warn: paint.yellow('warn'), fail: paint.red('fail') };
  return ({ status, about, text, hint }) => {
    process.stdout.write(`${signs[status]}  ${about.padEnd(9)}  ${text}\n`);
    if (hint !== undefined) process.stdout.write(`${' '.repeat(17)}${paint.dim('→')} ${hint}\n`);
  };
}
