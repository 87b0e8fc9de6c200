import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/health/digest.ts';
import { composeDigest, digestsAsked } from '../../src/notify/compose-digest.ts';
import { composeNotice } from '../../src/notify/compose-notice.ts';
import { takes } from '../../src/notify/message.ts';
import { openNights } from '../health/night.ts';

const CAMPUS = { name: 'A', timeZone: 'America/Chicago', workbench: 'https://lake.example.edu/w/' } as const;
const TEAM = { period: 'daily', owners: [] } as const;

let nights: Awaited<ReturnType<typeof openNights>>;
beforeEach(async () => {
  nights = await openNights();
});
afterEach(() => nights.close());

describe('A summary', () => {
  it('is one line that fits a phone, by day and week of the campus', async () => {
    await nights.run({ stale: ['canvas.users'] });
    const part = await digestOf(nights.lake as never, TEAM);
    // In Chicago it is still the Sunday.
    const notice = composeDigest(CAMPUS, TEAM, [part], Date.parse('2026-11-30T04:00:00Z'));
    expect(notice).toMatchObject({
      key: 'daily/2026-11-29/all',
      kind: 'daily',
      severity: 'warning',
      links: [{ title: 'Open the workbench', url: 'https://lake.example.edu/w/' }],
    });
    expect(notice.subject).toMatch(/^Look: 8 of 9 tables as promised, 1 incident open$/);
    const weekly = composeDigest(
      CAMPUS,
      { ...TEAM, period: 'weekly' },
      [part],
      Date.parse('2026-11-30T04:00:00Z'),
    );
    expect(weekly.key).toBe('weekly/2026-11-23/all');
    const long = composeDigest(CAMPUS, TEAM, [{ headline: 'x'.repeat(500), lines: [] }], 0);
    expect(long.subject.length).toBeLessThanOrEqual(110);
  });

  it('is not good where there is nothing of an owner, and says where to look', async () => {
    const of = (...owners: string[]) => digestOf(nights.lake as never, { period: 'daily', owners });
    expect(await of()).toMatchObject({
      headline: '0 of 6 tables as promised',
      needsLook: true,
      lines: ['`lake health` says which tables are not, and why.'],
    });
    await nights.run();
    expect(await of('Registrar')).toMatchObject({ needsLook: false, lines: [] });
    for (const owner of ['registrar', 'Nobody "x" Müller'])
      expect(await of(owner)).toMatchObject({
        headline: 'no tables',
        needsLook: true,
        lines: [expect.stringContaining('no such owner')],
      });
  });

  it('is made for each group of owners that an entry asks for, and goes to that entry alone', async () => {
    const entries = [
      { kind: 'console' },
      { kind: 'console', kinds: ['daily', 'weekly'] },
      { kind: 'file', path: 'a', kinds: ['daily'], owners: ['Registrar'] },
      { kind: 'file', path: 'b', kinds: ['daily'], owners: ['Registrar'] },
    ] as never;
    expect(digestsAsked(entries)).toEqual([
      { period: 'daily', owners: [] },
      { period: 'weekly', owners: [] },
      { period: 'daily', owners: ['Registrar'] },
    ]);
    await nights.run({ stale: ['canvas.users'] });
    const asked = { period: 'daily', owners: ['Registrar'] } as const;
    const part = await digestOf(nights.lake as never, asked);
    expect(part.headline).toMatch(/^2 of 2 tables/);
    const own = composeNotice(composeDigest(CAMPUS, asked, [part], 0));
    const team = composeNotice(composeDigest(CAMPUS, TEAM, [part], 0));
    const route = { audience: 'team', from: 'info', kinds: ['daily'] } as const;
    expect([takes(route, own), takes(route, team)]).toEqual([false, true]);
    const registrar = { ...route, owners: ['Registrar'] };
    expect([takes(registrar, own), takes(registrar, team)]).toEqual([true, false]);
    expect(takes({ audience: 'team', from: 'info' }, team)).toBe(false);
  });
});
