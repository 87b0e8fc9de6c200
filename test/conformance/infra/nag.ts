import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';
import { campusLake } from '../../../lib/campus-lake.ts';
import type { Settings } from '../../../lib/settings.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as { context: object };

/** What a rule of a pack finds on one construct. */
export interface PackFinding {
  /** `NIST.800.53.R5` */
  readonly pack: string;
  /** `LambdaDLQ` */
  readonly rule: string;
  /** Path of the construct, without the lake's name: `sis/Instance`. */
  readonly where: string;
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, HIPAASecurityChecks];

/**
 * What three packs of cdk-nag find in a lake, beyond what the app itself acknowledges.
 * @param keep where to lay its templates, for other judges: `<part>-<digest>.json`
 */
export function nagFindings(settings: Settings, keep: string): PackFinding[] {
  const outdir = mkdtempSync(path.join(tmpdir(), 'nag-'));
  try {
    const app = new App({
      outdir,
      context: { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-stack-trace': true },
      builtinCloudFormationValidation: false,
      analyticsReporting: false,
    });
    campusLake(app, settings);
    Validations.of(app).addPlugins(...PACKS.map((Pack) => new Pack(app)));
    try {
      app.synth();
    } catch (error) {
      // A finding fails the synthesis; the report has them all.
      if (!String(error).includes('alidation')) throw error;
    }
    keepTemplates(outdir, keep, settings.name);
    const report = JSON.parse(readFileSync(path.join(outdir, 'validation-report.json'), 'utf8')) as Report;
    return report.pluginReports
      .filter(({ pluginName }) => pluginName !== 'Construct Annotations')
      .flatMap(({ pluginName: pack, violations }) =>
        violations.flatMap(({ ruleName, violatingConstructs }) =>
          violatingConstructs.map(({ constructPath }) => ({
            pack,
            rule: ruleName.replace(/^[^-]*-/, ''),
            where: constructPath.replace(`${settings.name}-`, ''),
          })),
        ),
      );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Lakes share most of their stacks: the same template is kept once. */
function keepTemplates(from: string, to: string, lake: string): void {
  for (const file of readdirSync(from).filter((name) => name.endsWith('.template.json'))) {
    const text = readFileSync(path.join(from, file), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const part = file.replace('.template.json', '').replace(`${lake}-`, '');
    writeFileSync(path.join(to, `${part}-${digest}.json`), text);
  }
}
