import { beforeAll, expect, it } from 'vitest';
import { compare } from '../../../../lib/change/compare.ts';
import { deployedOf } from '../../../../lib/change/deployed.ts';
import { templatesOf } from '../../../../lib/synthesize.ts';
import { settingsFor } from '../../../infra/campus.ts';
import { CELLS, type Cell } from './cells.ts';
import { emulatedAccount } from './emulated.ts';
import { judge } from './judge.ts';
import { type ProviderRules, providerRules } from './provider-rules.ts';

/**
 * Cells of the table, carried out: a lake is deployed into an emulated account, and deployed again after the change.
 * What the judge calls unchanged has the same physical id afterwards. The emulator does not make DMS, Redshift, VPNs, budgets,
 * flow logs and saved queries, and decides by its own rules what a change replaces.
 */

const CARRIED_OUT: readonly (readonly [string, string])[] = [
  ['name', 'another display name'],
  ['timeZone', 'another time zone'],
  ['schedule.at', 'another hour'],
  ['profile', 'frugal to standard'],
  ['sources', 'a second SIS'],
  ['sources', 'Canvas removed'],
  ['aws.warehouse.enabled', 'a warehouse'],
  ['aws.queryLimitGb', 'another limit'],
  ['aws.alarmEmails', 'an address'],
  ['aws.logRetentionDays', 'logs are kept longer'],
  ['profile, name', 'frugal to standard under another display name'],
];

let rules: ProviderRules;
beforeAll(async () => {
  rules = await providerRules();
});

const cells = CARRIED_OUT.map(
  ([key, change]) => CELLS.find((cell) => cell.key === key && cell.change === change)!,
);

it.each(cells.map((cell): [string, Cell] => [`${cell.key}: ${cell.change}`, cell]))(
  '%s',
  async (_, { before, after }) => {
    const first = templatesOf(settingsFor(before));
    const parts = [...first].map(([stack, one]) => [stack.replace('campus-lake-', ''), one] as const);
    const where = { lake: 'campus-lake', account: '000000000000', region: 'us-east-1' };
    const deployed = deployedOf(where, new Map(parts));
    const settings = settingsFor(after, { deployed });
    expect(compare(deployed, settings)).toEqual([]);
    const second = templatesOf(settings);
    const account = await emulatedAccount();
    try {
      await account.deploy(first);
      const was = await account.standing();
      await account.deploy(second);
      const is = await account.standing();

      const { replaced } = judge(first, second, rules);
      const made = [...was].filter(([at, one]) => is.has(at) && is.get(at)!.physicalId !== one.physicalId);
      const types = new Set(made.map(([, { type }]) => type.replace('AWS::', '')));
      expect([...types].filter((type) => !replaced.includes(type))).toEqual([]);
      expect(was.size).toBeGreaterThan(80);
    } finally {
      await account.stop();
    }
  },
);
