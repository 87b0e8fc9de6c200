import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyChain } from '../../../src/access/log/chain.ts';
import { type Disclosure, disclosures, recordDisclosure } from '../../../src/access/log/disclosures.ts';
import { breakGlass, emergencies, reviewEmergency } from '../../../src/access/log/emergencies.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { LedgerStore } from '../../../src/ports/ledger.ts';
import { lakeOf } from '../../lake-of.ts';
import { POLICY, readPolicy, sessionOf } from '../college.ts';

let folder: string;
let ledger: LedgerStore;
let now = Date.parse('2026-11-30T08:00:00Z');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disclosures-'));
  ledger = openLocalLedger(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const lake = (principal = 'ada') =>
  lakeOf({
    session: { ...sessionOf('adviser F1'), principal, role: 'administrator' },
    access: undefined,
    platform: { clock: { now: () => now }, ledger },
  });

const GIVEN: Disclosure = {
  kind: 'disclosure',
  party: 'State Data Center',
  interest: 'study of completion',
  basis: '99.31(a)(6)',
  records: 'grades of 2025',
  students: ['S1', ' S2', 'S1', ''],
  notice: true,
};

describe('Disclosures to others', () => {
  it('are shown to the students whose records went, and to no other', async () => {
    const id = await recordDisclosure(lake(), GIVEN);
    const [one, ...others] = await disclosures(lake(), ['s1']);
    expect([one, others]).toMatchObject([
      { disclosure: id, people: 2, party: 'State Data Center', notice: true, principal: 'ada' },
      [],
    ]);
    expect(await disclosures(lake(), ['S2', '4711'])).toHaveLength(1);
    expect(await disclosures(lake(), ['S3'])).toEqual([]);
  });

  it('hold no id, and cannot be changed unseen', async () => {
    await recordDisclosure(lake(), GIVEN);
    await recordDisclosure(lake(), { ...GIVEN, kind: 'request' });
    const stored = JSON.stringify(await ledger.rows('disclosures'));
    for (const id of ['S1', 'S2']) expect(stored).not.toContain(`"${id}`);
    expect((await verifyChain(ledger, 'disclosures')).faults).toEqual([]);
    const [row] = await ledger.rows('disclosures');
    await ledger.append('disclosures', [{ ...row!, party: 'nobody' }]);
    expect((await verifyChain(ledger, 'disclosures')).faults).toEqual(['row 1 was changed']);
  });

  it.each([[{ party: ' ' }], [{ interest: '' }], [{ students: [' '] }]])(
    'are refused without %j',
    async (left) => {
      await expect(recordDisclosure(lake(), { ...GIVEN, ...left })).rejects.toThrow('A disclosure');
      expect(await disclosures(lake())).toEqual([]);
    },
  );
});

describe('An emergency', () => {
  const role = () =>
    readPolicy(
      POLICY.replace(
        'deny: [sis.persons.born]',
        'deny: [sis.persons.born]\n    breakGlass: { role: student, hours: 2 }',
      ),
    ).policy!.roles.get('adviser')!;
  const begin = (reason = 'a student does not answer') =>
    breakGlass(lake(), sessionOf('adviser F1'), role(), reason);

  it('lasts as long as the policy says, and begins again after that', async () => {
    const first = await begin();
    expect(first).toMatchObject({
      principal: 'F1',
      from: 'adviser',
      role: 'student',
      until: '2026-11-30T10:00:00.000Z',
    });
    now += 3_600_000;
    expect((await begin('another reason')).id).toBe(first.id);
    now += 3_600_000;
    expect((await begin()).id).not.toBe(first.id);
    expect(
      (await ledger.rows('access')).map(({ channel, outcome, reason }) => [channel, outcome, reason]),
    ).toEqual(Array(2).fill(['break-glass', 'begun', 'a student does not answer']));
  });

  it('is reviewed by somebody else', async () => {
    const { id } = await begin();
    await expect(reviewEmergency(lake('F1'), id, 'fine')).rejects.toThrow(
      'Nobody reviews an emergency of their own.',
    );
    await expect(reviewEmergency(lake(), 'x', 'fine')).rejects.toThrow('There is no emergency "x".');
    await reviewEmergency(lake(), id, 'agreed with the dean');
    expect(await emergencies(lake())).toMatchObject([
      { id, finding: 'agreed with the dean', reviewer: 'ada' },
    ]);
  });

  it.each(['', 'because'])('needs a reason, and "%s" is none', async (reason) => {
    await expect(begin(reason)).rejects.toThrow('An emergency needs a reason');
  });

  it('is not for every role', async () => {
    const analyst = readPolicy(POLICY).policy!.roles.get('analyst')!;
    await expect(breakGlass(lake(), sessionOf('analyst'), analyst, 'a long enough reason')).rejects.toThrow(
      'The role analyst has no role for emergencies.',
    );
  });

  it.each([
    ['nobody', 'found "nobody", expected another role'],
    ['adviser', 'found "adviser", expected another role'],
    ['several', 'has several purposes'],
  ])('has a role that there is: not %s', (name, problem) => {
    const several = '  several: { description: x, purposes: [own, aid], classes: {}, tables: {} }\n';
    const text = `${POLICY}${several}`.replace(
      'deny: [sis.persons.born]',
      `deny: []\n    breakGlass: { role: ${name}, hours: 2 }`,
    );
    expect(readPolicy(text).problems.join()).toContain(problem);
  });
});
