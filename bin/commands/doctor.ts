import type { Command } from 'commander';
import { checkDeclaredNone } from '../../src/app/doctor/check-declared-none.ts';
import { checkKept } from '../../src/app/doctor/check-kept.ts';
import { checkModelChecks } from '../../src/app/doctor/check-model-checks.ts';
import { checkModels } from '../../src/app/doctor/check-models.ts';
import { checkNotify } from '../../src/app/doctor/check-notify.ts';
import { checkSecrets } from '../../src/app/doctor/check-secrets.ts';
import { checkSources } from '../../src/app/doctor/check-sources.ts';
import { type Check, type Finding, fail, ok, type Patient, warn } from '../../src/app/doctor/finding.ts';
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
  checkMachine,
  checkNotify,
];

export function defineDoctor(command: Command): void {
  addTargetOption(addCommonOptions(command))
    .addHelpText(
      'after',
      `
It is read-only, except for a probe file in the lake's folder. With --target aws it checks your AWS identity, CDK
bootstrap, secrets, Lake Formation, DMS connectivity and CDC privileges. Exit codes: 0 nothing fails, 1 a check fails,
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
  const code = await examine(flags, take);
  const count = (status: Finding['status']) => findings.filter((f) => f.status === status).length;
  const [warnings, failures] = [count('warn'), count('fail')];
  if (flags.json) printJson({ ok: failures === 0, warnings, failures, findings });
  else
    process.stdout.write(
      failures > 0
        ? `\n${failures} to fix before a run, ${warnings} to look at.\n`
        : `\nReady for a run${warnings > 0 ? `; ${warnings} to look at` : ''}: lake run\n`,
    );
  return code ?? (failures > 0 ? EXIT.failed : EXIT.done);
}

/** @returns an exit code where it is not for the findings to tell */
async function examine(
  flags: CommonFlags & TargetFlags,
  take: (finding: Finding) => void,
): Promise<number | undefined> {
  let patient: Patient;
  try {
    // Old names in the files are findings of its own.
    const { loadCampus } = await import('../../src/campus/load.ts');
    const loaded = await loadCampus(flags.campus);
    const secrets = openSecrets({ root: loaded.campus.root });
    patient = {
      ...loaded,
      features: FEATURES,
      secrets,
      limits: openLocalRateLimits(systemClock),
      open: withLake,
      readersOf,
      expectedBytes: 0,
      signal: stopSignal(),
    };
  } catch (error) {
    if (!(error instanceof CampusFileError)) throw error;
    for (const { file, line, column, text } of error.problems)
      take(fail('campus', `${file}:${line}:${column}  ${text}`, 'correct the line'));
    return EXIT.input;
  }
  const { campus, catalog } = patient;
  take(
    ok(
      'campus',
      `${campus.name}: campus.yaml and the catalog are valid, ${catalog.datasets.length} datasets`,
    ),
  );
  for (const { file, line, column, text } of patient.warnings)
    take(
      warn('campus', `${file}:${line}:${column}  ${text}`, 'correct the line, or leave it if it is meant'),
    );
  const examination =
    flags.target === 'aws'
      ? (await import('../doctor/aws/patient-of.ts')).awsExamination(patient)
      : { patient, checks: CHECKS };
  for (const check of examination.checks)
    for await (const finding of await check(examination.patient)) take(finding);
  return undefined;
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
