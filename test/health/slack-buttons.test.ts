import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { snooze } from '../../src/app/health/incidents.ts';
import { type SlackRequest, slackButtons } from '../../src/app/health/slack-buttons.ts';
import { noticesOf } from '../../src/health/notices.ts';
import { asNotice, composeNotice } from '../../src/notify/compose-notice.ts';
import { post } from '../../src/notify/send-http.ts';
import { slackMessage } from '../../src/notify/slack-message.ts';
import { closeReceivers, receiver } from '../notify/receivers.ts';
import { openNights } from './night.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const DOWN = {
  step: 'lms-plan',
  item: '',
  code: 'lms-unreachable',
  source: 'canvas',
  reach: 'source',
} as const;

let nights: Awaited<ReturnType<typeof openNights>>;
let answers: Awaited<ReturnType<typeof receiver>>;
let runs: number;
beforeEach(async () => {
  nights = await openNights();
  answers = await receiver(200);
  runs = 0;
});
afterEach(async () => {
  await nights.close();
  await closeReceivers();
});

const NOW = Date.parse('2026-11-30T08:00:00Z');
const said = () => (answers.got as { text: string }[]).map(({ text }) => text);

const open = () =>
  slackButtons({
    entries: [
      {
        kind: 'slack',
        url: { env: 'URL' },
        signingSecret: { env: 'SIGN' },
        people: {
          U0ADA: { name: 'Ada', role: 'administrator' },
          U0BOB: { name: 'Bob', role: 'adviser' },
        },
      },
    ],
    secrets: { get: async () => SECRET },
    openAs: async ({ name, role }) =>
      ({
        ...nights.lake,
        session: { ...(nights.lake as { session: object }).session, principal: name, role },
      }) as never,
    run: async () => `Run ${++runs} has succeeded.`,
    reply: (url, text) => post('Slack', url, { response_type: 'ephemeral', replace_original: false, text }),
    now: () => NOW,
  });

/** As Slack sends it: what the button below the message holds. */
function pressed(
  button: { action_id: string; value: string },
  { member = 'U0ADA', at = '1796025600.000100', sentAt = NOW, secret = SECRET } = {},
): SlackRequest {
  const payload = {
    type: 'block_actions',
    user: { id: member },
    actions: [{ ...button, type: 'button', action_ts: at }],
    response_url: answers.url,
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(sentAt / 1000));
  const mac = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { timestamp, signature: `v0=${mac}`, body };
}

async function buttons() {
  const run = await nights.run({ failed: [DOWN], stale: nights.tables });
  const notice = (await noticesOf(nights.lake as never, run)).find(({ incident }) => incident)!;
  const { blocks } = slackMessage(composeNotice(asNotice(notice)), { hasButtons: true });
  const found = blocks.flatMap((block) => (block.type === 'actions' ? [...block.elements] : []));
  expect(slackMessage(composeNotice(asNotice(notice))).blocks.map(({ type }) => type)).not.toContain(
    'actions',
  );
  return Object.fromEntries(found.map((one) => [one.action_id, one]));
}

describe('A button below a message in Slack', () => {
  it('acknowledges, snoozes and repairs, each on record with who it was', async () => {
    const { acknowledge, snooze: later, fix } = await buttons();
    const take = open();
    for (const [i, button] of [acknowledge!, later!, fix!].entries()) {
      const { status, work } = await take(pressed(button, { at: `${NOW / 1000 + i}.000100` }));
      expect(status).toBe(200);
      await work;
    }
    const [incident] = await nights.open();
    expect(incident).toMatchObject({
      state: 'acknowledged',
      acknowledged: { by: 'Ada (Slack)' },
      snoozed: { by: 'Ada (Slack)' },
    });
    expect(incident!.tried.at(-1)).toMatchObject({ by: 'Ada (Slack)', state: 'applied', automatic: false });
    expect(said()).toEqual([
      'Acknowledged by Ada (Slack): The source does not answer: canvas.',
      expect.stringMatching(/^Snoozed until 2026-12-01 /),
      'A run begins.',
      'Run 1 has succeeded.',
    ]);
    const rows = await nights.ledger.rows('repairs');
    expect(rows.filter(({ done_by }) => done_by === 'Ada (Slack)')).toHaveLength(1);
  });

  it('does its work once, also where the request comes again and the server was started anew', async () => {
    const { fix } = await buttons();
    const [take, again] = [open(), open()];
    for (const one of [take, take, again]) await (await one(pressed(fix!))).work;
    const [incident] = await nights.open();
    expect(incident!.tried.filter(({ automatic }) => !automatic)).toHaveLength(1);
    expect(runs).toBe(1);
    expect(said().at(-1)).toBe('It was done before.');
  });

  it('is refused unsigned, by another secret, changed, or after five minutes', async () => {
    const { acknowledge } = await buttons();
    const take = open();
    const good = pressed(acknowledge!);
    for (const bad of [
      { body: good.body },
      { ...good, signature: '' },
      { ...good, signature: good.signature!.replace(/.$/, (sign) => (sign === '0' ? '1' : '0')) },
      { ...good, body: good.body.replace('U0ADA', 'U0BOB') },
      { ...good, timestamp: String(Number(good.timestamp) + 1) },
      { ...good, timestamp: 'now' },
      pressed(acknowledge!, { secret: 'another' }),
      pressed(acknowledge!, { sentAt: NOW - 301_000 }),
      pressed(acknowledge!, { sentAt: NOW + 301_000 }),
    ])
      expect(await take(bad)).toEqual({ status: 401 });
    expect((await nights.open())[0]!.state).toBe('new');
    expect(answers.got).toEqual([]);
  });

  it('does nothing for a member who may not, and says so to that member', async () => {
    const { acknowledge, fix } = await buttons();
    const take = open();
    const before = JSON.stringify(await nights.open());
    for (const [i, member] of ['U0BOB', 'U0EVE', '__proto__'].entries())
      for (const button of [acknowledge!, fix!])
        await (await take(pressed(button, { member, at: `179602560${i}.1` }))).work;
    expect(JSON.stringify(await nights.open())).toBe(before);
    expect(said()[0]).toContain('The role adviser may look at incidents');
    expect(said().slice(2)).toEqual(Array(4).fill(expect.stringContaining('may not act')));
    expect(runs).toBe(0);
  });

  it('of another kind, of no incident or of a damaged value does nothing', async () => {
    const { acknowledge } = await buttons();
    const take = open();
    for (const button of [
      { action_id: 'delete', value: acknowledge!.value },
      { action_id: 'acknowledge', value: '' },
      { action_id: 'acknowledge', value: '[1]' },
      { action_id: 'acknowledge', value: '{"incident":7}' },
    ])
      expect((await take(pressed(button))).status).toBe(400);
    await (await take(pressed({ action_id: 'acknowledge', value: '{"incident":"nothing"}' }))).work;
    expect(said()).toEqual([expect.stringContaining('There is no incident "nothing"')]);
  });
});

describe('An incident that is snoozed', () => {
  it('is not told again when it comes back, until its time is over', async () => {
    const subjects = async (run: string) =>
      (await noticesOf(nights.lake as never, run))
        .filter(({ kind }) => kind !== 'event')
        .map(({ subject }) => subject);
    await subjects(await nights.run({ failed: [DOWN] }));
    const { id } = (await nights.open())[0]!;
    await snooze(nights.lake as never, id, nights.now() + 30 * 3_600_000);
    await expect(snooze(nights.lake as never, id, nights.now() - 1)).rejects.toThrow(
      'within the next 31 days',
    );
    await expect(snooze(nights.lake as never, id, Number.NaN)).rejects.toThrow('within the next 31 days');
    expect(await subjects(await nights.run())).toEqual(['Resolved: The source does not answer: canvas']);
  });
});
