import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Certificate,
  certificateKey,
  hashOf,
  issueCertificate,
  verifyChain,
} from '../../src/erasure/certificate.ts';
import { certificateHtml } from '../../src/erasure/certificate-html.ts';
import { checkBookWords, listHolds, writeHold } from '../../src/erasure/register.ts';
import { joinedKey, SuppressionList } from '../../src/erasure/suppression.ts';
import { openLocalObjects } from '../../src/platform/local/objects.ts';
import type { ObjectStore } from '../../src/ports/objects.ts';

let folder: string;
let register: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'register-'));
  register = openLocalObjects(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const statement = (request: string): Omit<Certificate, 'format' | 'sequence' | 'previous' | 'hash'> => ({
  campus: 'Test <College>',
  request,
  subject: 'digest',
  numbers: 2,
  suppressed: 4,
  confirmedBy: 'steward',
  confirmedAt: '2026-10-01T00:00:00.000Z',
  issuedAt: '2026-10-01T00:05:00.000Z',
  run: 'run-1',
  rules: 'rules',
  found: [{ zone: 'raw', table: 'sis.students', rows: 1, outcome: 'erase', reason: 'none' }],
  verified: [
    { zone: 'raw', place: 'sis.students', asked: 'rows', answer: '0 rows', files: { 'raw/a': 'sum' } },
  ],
  exceptions: [{ what: 'backups', why: 'they are kept', until: '2027-01-01' }],
});

describe('the chain of certificates', () => {
  const change = async (sequence: number, edit: (text: string) => string) => {
    const key = certificateKey(sequence);
    await register.putText(key, edit((await register.getText(key))!));
  };

  it('holds while nothing is changed', async () => {
    expect(await verifyChain(register)).toBeUndefined();
    const first = await issueCertificate(register, statement('R1'));
    const second = await issueCertificate(register, statement('R2'));
    expect(first.previous).toBe('0'.repeat(64));
    expect(second).toMatchObject({ sequence: 2, previous: first.hash });
    expect(await verifyChain(register, { sequence: 2, hash: second.hash })).toEqual({
      sequence: 2,
      hash: second.hash,
    });
  });

  it.each([
    [
      'a word of one',
      (text: string) => text.replace('0 rows', '9 rows'),
      'Certificate 1 is not as it was issued',
    ],
    [
      'a place',
      (text: string) => text.replace(/"verified": \[[\s\S]*?\n {2}\],/, '"verified": [],'),
      'Certificate 1 is not as it was issued',
    ],
    ['its form', () => '{', 'cannot be read'],
  ])('breaks at a change of %s', async (_what, edit, message) => {
    await issueCertificate(register, statement('R1'));
    await issueCertificate(register, statement('R2'));
    await change(1, edit);
    await expect(verifyChain(register)).rejects.toThrow(message);
  });

  it('breaks where one is changed and its hash is made anew, is taken out, or is cut off the end', async () => {
    await issueCertificate(register, statement('R1'));
    const second = await issueCertificate(register, statement('R2'));
    const head = { sequence: 2, hash: second.hash };
    await change(1, (text) => {
      const changed = { ...(JSON.parse(text) as Certificate), request: 'R9' };
      return JSON.stringify({ ...changed, hash: hashOf(changed) });
    });
    await expect(verifyChain(register, head)).rejects.toThrow('Certificate 2 does not follow');
    await register.delete([certificateKey(1)]);
    await expect(verifyChain(register, head)).rejects.toThrow('Certificate 1 is missing');
    await register.delete([certificateKey(2)]);
    await expect(verifyChain(register, head)).rejects.toThrow('Certificate 2 is missing');
  });

  it('shows a certificate as a page that stands alone', async () => {
    const html = certificateHtml(await issueCertificate(register, statement('R1')));
    expect(html).toContain('Test &#60;College&#62;');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:/);
  });
});

describe('the suppression list', () => {
  it('is not there before somebody is erased', async () => {
    expect(await SuppressionList.open(register)).toBeUndefined();
  });

  it('recognises numbers however they are written, and holds none of them', async () => {
    const list = await SuppressionList.create(register);
    list.add('R1', 'id:person', 'S1000042');
    list.add('R1', 'row:a.b', joinedKey(['1', '2']));
    await list.save();
    const again = (await SuppressionList.open(register))!;
    expect(again.has('id:person', ' s1000042 ')).toBe(true);
    expect(again.has('id:person', 'S1000043')).toBe(false);
    expect(again.has('row:a.b', 'S1000042')).toBe(false);
    expect(again.requestOf('row:a.b', joinedKey(['1', '2']))).toBe('R1');
    for (const key of await register.list('')) {
      expect(`${key} ${await register.getText(key)}`).not.toMatch(/S1000042/i);
    }
  });

  it('loses nothing where several add to it at the same time', async () => {
    const first = await SuppressionList.create(register);
    const lists = [first, ...(await Promise.all([1, 2].map(() => SuppressionList.create(register))))];
    for (const [i, list] of lists.entries()) list.add('R1', 'id:person', `S${i}`);
    await Promise.all(lists.map((list) => list.save()));
    const again = (await SuppressionList.open(register))!;
    expect([0, 1, 2].map((i) => again.has('id:person', `S${i}`))).toEqual([true, true, true]);
  });

  it('forgets a request, and no other', async () => {
    const list = await SuppressionList.create(register);
    list.add('R1', 'id:person', 'S1');
    list.add('R2', 'id:person', 'S2');
    await list.save();
    await list.remove('R1');
    const again = (await SuppressionList.open(register))!;
    expect([again.has('id:person', 'S1'), again.has('id:person', 'S2')]).toEqual([false, true]);
    expect(again.fingerprint(['id:person'])).not.toBe(list.fingerprint(['id:person']));
    await expect(again.remove('R1')).rejects.toThrow('Nobody is kept out by a request "R1"');
  });
});

describe('a hold', () => {
  const hold = (subjects: string[], reason = 'an appeal') => ({
    hold: 'H-1',
    subjects,
    reason,
    by: 'steward',
    at: '2026-10-01T00:00:00.000Z',
  });

  it('is never taken from one person for another', async () => {
    await writeHold(register, hold(['ana', 'ana by canvas']));
    await expect(writeHold(register, hold(['ben']))).rejects.toThrow('Hold H-1 protects somebody else.');
    expect(await listHolds(register)).toEqual([hold(['ana', 'ana by canvas'])]);
  });

  it('stays as it is when it is placed again', async () => {
    await writeHold(register, hold(['ana', 'ana by canvas']));
    await writeHold(register, hold(['ana by canvas'], 'another reason'));
    expect(await listHolds(register)).toEqual([hold(['ana', 'ana by canvas'])]);
  });
});

it.each([
  ['', /--request is empty/],
  [' ', /--request is empty/],
  ['2026\n031', /more than one line/],
  ['inspection-s1000014', /has a number of the person in it/],
])('a request cannot be called %j', (request, text) => {
  expect(() => checkBookWords({ request }, ['S1000014', '42'])).toThrow(text);
});

it('a request may have digits that are nobody’s number', () => {
  expect(() =>
    checkBookWords({ request: '2026-042', reason: "O'Brien ./.. 汉字" }, ['S1000014', '42']),
  ).not.toThrow();
});
