import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifyConfig } from '../../src/campus/campus-schema.ts';
import { channelFor } from '../../src/notify/channel.ts';
import { composeRun } from '../../src/notify/compose-run.ts';
import { notifiedOf } from '../../src/notify/notified.ts';
import { post } from '../../src/notify/send-http.ts';
import { notify } from '../../src/notify/step.ts';
import { openLocalLedger } from '../../src/platform/local/ledger.ts';
import { lakeOf } from '../lake-of.ts';
import { CERTIFICATE, KEY } from './certificate.ts';
import { bad } from './summaries.ts';

let folder: string;
const closers: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lake-delivery-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await rm(folder, { recursive: true });
});

async function mailServer(options: SMTPServerOptions): Promise<{ port: number; to: string[][] }> {
  const to: string[][] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      stream.resume();
      stream.on('end', () => {
        to.push(session.envelope.rcptTo.map(({ address }) => address));
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, to };
}

const refusing = (codes: Record<string, number | undefined>): SMTPServerOptions => ({
  onRcptTo: ({ address }, _session, done) => {
    const code = codes[address];
    done(code ? Object.assign(new Error(`no ${address}`), { responseCode: code }) : undefined);
  },
});

const email = (port: number, more: object = {}): NotifyConfig => ({
  kind: 'email',
  host: '127.0.0.1',
  port,
  from: 'lake@lakeside.edu',
  to: ['Data Team <data@lakeside.edu>', 'oncall@lakeside.edu', 'dean@lakeside.edu'],
  on: 'always',
  retryMinutes: 30,
  ...more,
});

function lakeWith(config: NotifyConfig, secrets: Record<string, string> = {}) {
  let now = Date.parse('2026-11-22T02:32:31.000Z');
  const notes: string[] = [];
  const ledger = openLocalLedger(path.join(folder, 'ledger'));
  const lake = lakeOf({
    campus: { root: folder, notify: [config] },
    platform: {
      ledger,
      clock: { now: () => now },
      secrets: { get: async (ref: object) => secrets[(ref as { env: string }).env]! },
    },
    report: { note: (about: string, text: string) => notes.push(`${about}: ${text}`) },
  });
  return { lake, ledger, notes, pass: (minutes: number) => (now += minutes * 60_000) };
}

describe('an e-mail to several', () => {
  it('has a fate for each address, and names by number who was refused', async () => {
    const { port, to } = await mailServer(refusing({ 'oncall@lakeside.edu': 550 }));
    const { lake, ledger, notes } = lakeWith(email(port));

    const output = await notify.run({ summary: bad }, lake);

    expect(to).toEqual([['data@lakeside.edu', 'dean@lakeside.edu']]);
    expect(output).toMatchObject({
      sent: [],
      failed: [{ error: 'the mail server refused address 2 of "to" (550)' }],
    });
    expect(await ledger.rows('notifications')).toMatchObject([
      { receiver: '1', status: 'sent', error: null },
      { receiver: '2', status: 'failed' },
      { receiver: '3', status: 'sent' },
    ]);
    expect(notes).toEqual(['notify: e-mail to 3: the mail server refused address 2 of "to" (550)']);
    expect(JSON.stringify(await ledger.rows('notifications'))).not.toContain('@');
    expect(await notifiedOf(ledger, bad.run)).toMatchObject({ reached: true, sent: ['e-mail to 3'] });
  });

  it('is sent again to those whom greylisting put off, and to nobody twice', async () => {
    const codes: Record<string, number | undefined> = { 'oncall@lakeside.edu': 450 };
    const { port, to } = await mailServer(refusing(codes));
    const { lake, pass } = lakeWith(email(port));

    const first = await notify.run({ summary: bad }, lake);
    pass(5);
    codes['oncall@lakeside.edu'] = undefined;
    const second = await notify.run({ summary: bad }, lake);

    expect(first).toEqual({ done: false, retryAfterSeconds: 300 });
    expect(second).toEqual({ sent: ['e-mail to 3'], failed: [] });
    expect(to).toEqual([['data@lakeside.edu', 'dean@lakeside.edu'], ['oncall@lakeside.edu']]);
  });

  it('waits no longer than it may, and says that nobody could be told', async () => {
    const all = { 'data@lakeside.edu': 450, 'oncall@lakeside.edu': 450, 'dean@lakeside.edu': 450 };
    const { port } = await mailServer(refusing(all));
    const { lake, ledger, notes, pass } = lakeWith(email(port, { retryMinutes: 12 }));
    const outputs: unknown[] = [];

    for (let tries = 0; tries < 4; tries++) {
      outputs.push(await notify.run({ summary: bad }, lake));
      pass(5);
    }

    expect(outputs.slice(0, 3)).toMatchObject([{ done: false }, { done: false }, { failed: [{}] }]);
    expect(notes[0]).toMatch(/said "later" \(450\)/);
    expect(await notifiedOf(ledger, bad.run)).toMatchObject({ reached: false, sent: [] });
  });

  it('takes "later" from the server as a whole for that of everybody', async () => {
    const { port } = await mailServer({
      onMailFrom: (_address, _session, done) =>
        done(Object.assign(new Error('try later'), { responseCode: 451 })),
    });

    expect(await notify.run({ summary: bad }, lakeWith(email(port)).lake)).toMatchObject({ done: false });
  });
});

describe('certificates', () => {
  const parts = (secrets: Record<string, string> = {}) => ({
    campus: { root: folder },
    secrets: { get: async (ref: object) => secrets[(ref as { env: string }).env]! },
  });
  const tls = { disabledCommands: [], key: KEY, cert: CERTIFICATE };

  it('that are not known are named, and those of the college are trusted', async () => {
    const { port, to } = await mailServer({
      ...tls,
      onAuth: (_auth, _session, done) => done(null, { user: 'lake' }),
    });
    const config = email(port, { user: 'lake', password: { env: 'PASSWORD' } });

    const sending = channelFor(config, parts()).send(composeRun(bad));
    const known = { CA: CERTIFICATE, PASSWORD: 'x' };
    const trusting = channelFor({ ...config, ca: { env: 'CA' } } as NotifyConfig, parts(known));

    await expect(sending).rejects.toMatchObject({
      message: expect.stringContaining('its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)'),
      hint: expect.stringContaining("college's own authority"),
    });
    expect([...(await trusting.send(composeRun(bad))).values()]).toHaveLength(3);
    expect(to).toHaveLength(1);
  });

  it('of a webhook likewise', async () => {
    const server = createHttps({ key: KEY, cert: CERTIFICATE }, (_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/s3cr3t`;

    await expect(post('the webhook', url, {})).rejects.toThrow(/signed by itself/);
    await expect(post('the webhook', url, {}, { ca: CERTIFICATE })).resolves.toBeUndefined();
  });
});

describe('a connection that is refused', () => {
  it('is named as such, for mail as for a webhook', async () => {
    const gone = await mailServer({});
    await closers.pop()!();

    const sending = channelFor(email(gone.port), {
      campus: { root: folder },
      secrets: { get: async () => '' },
    });

    await expect(sending.send(composeRun(bad))).rejects.toThrow(/refused the connection.*ECONNREFUSED/);
  });
});

describe('a webhook', () => {
  const listening = async (answer: Parameters<typeof createHttp>[1]) => {
    let asked = 0;
    const server = createHttp((request, response) => {
      asked++;
      request.resume();
      answer!(request, response as never);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cr3t`, asked: () => asked };
  };

  it('that drips has a deadline for all of it, and is not told twice', async () => {
    const { url, asked } = await listening((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });

    await expect(post('the webhook', url, {}, { attemptMs: 200 })).rejects.toThrow(/had not answered/);
    expect(asked()).toBe(1);
  });

  it('shows the code that Slack answers, and no other text', async () => {
    const slack = await listening((_request, response) => response.writeHead(400).end('invalid_blocks'));
    const other = await listening((_request, response) => response.writeHead(400).end("D'Angelo is no_body"));

    await expect(post('Slack', slack.url, {})).rejects.toThrow('it answered 400 (invalid_blocks).');
    await expect(post('Slack', other.url, {})).rejects.toThrow(/it answered 400\.$/);
  });

  it('is told no more than the text tells', async () => {
    const bodies: string[] = [];
    const { url } = await listening((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => response.end('ok'));
    });
    const remarks = Array.from({ length: 40 }, (_, i) => ({ about: 'x', text: `remark ${i}.` }));
    const parts = { campus: { root: folder }, secrets: { get: async () => url } };
    const summary = { ...bad, remarks };

    await channelFor({ kind: 'webhook', url: { env: 'HOOK' } }, parts).send(composeRun(summary));

    const { text, summary: told } = JSON.parse(bodies.join('')) as { text: string; summary: typeof summary };
    expect(told.remarks).toHaveLength(10);
    for (const { text: remark } of told.remarks) expect(text).toContain(remark);
    for (const { message, hint } of told.failures) expect(text).toContain(`${message} Next: ${hint}`);
  });
});
