import { CAMPUS, settingsFor } from './campus.ts';
import { type Deployed, deploy, ofType } from './deployed.ts';

const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
/** Everything that can be switched on. */
export const LARGE = {
  ...CAMPUS,
  profile: 'standard',
  aws: {
    network: { vpn: { gateway: '203.0.113.7', cidrs: ['10.0.0.0/16'] } },
    access: {
      mode: 'lake-formation',
      analysts: [role('analyst')],
      stewards: [role('steward')],
      admins: [role('admin')],
    },
    alarmEmails: ['team@riverbend.example'],
  },
};
/** One synthesis of each for all tests; it throws what cdk-nag finds. */
export const frugal = deploy(settingsFor(CAMPUS));
export const standard = deploy(settingsFor(LARGE));
export const both: [string, Deployed][] = [
  ['frugal', frugal],
  ['standard', standard],
];
export const text = (value: unknown) => JSON.stringify(value);
export const properties = (deployed: Deployed, type: string) =>
  ofType(deployed, type).map(([, r]) => r.Properties);
