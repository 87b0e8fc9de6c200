import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { channelFor } from '../../src/notify/channel.ts';
import { type Message, takes } from '../../src/notify/message.ts';
import { isPublicAddress } from '../../src/notify/public-address.ts';
import { webhookHeaders } from '../../src/notify/webhook-signature.ts';
import type { CloudEvent } from '../../src/ports/feature.ts';

/** The example of https://github.com/standard-webhooks/standard-webhooks. */
const PUBLISHED = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: 1_614_265_330_000,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const NEXT = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const EVENT: CloudEvent = {
  specversion: '1.0',
  id: 'health/r1',
  source: '/campus-lake/A/health',
  type: 'campus-lake.health.changed',
  subject: 'tables',
  time: '2026-11-30T02:30:00Z',
  datacontenttype: 'application/json',
  data: { changed: 1, tables: [{ table: 'canvas.users', reason: 'Müller’s "table"' }] },
};
const MESSAGE: Message = {
  kind: 'event',
  severity: 'info',
  audience: 'team',
  subject: 'The health of 1 table has changed',
  sections: [],
  reference: { what: 'Health', id: 'r1' },
  dedupeKey: 'health/r1',
  event: EVENT,
};

interface Got {
  readonly body: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

async function subscriber(...statuses: number[]) {
  const got: Got[] = [];
  server = createServer(async (request, response) => {
    const body = await text(request);
    got.push({ body, headers: request.headers as Got['headers'] });
    response.writeHead(statuses[Math.min(got.length - 1, statuses.length - 1)]!).end();
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const channel = (url: string, more: object = {}) =>
  channelFor(
    {
      kind: 'subscription',
      url: { env: 'URL' },
      secret: { env: 'SECRET' },
      allowPrivate: true,
      retryMinutes: 30,
      ...more,
    },
    {
      campus: { root: '.' },
      secrets: {
        get: async (ref) => ('env' in ref ? { URL: url, SECRET: NEXT, OLD: PUBLISHED.secret }[ref.env]! : ''),
      },
    },
  );

/** As a receiver does it, by the specification and not by our code. */
const isSigned = ({ body, headers }: Got, secret: string): boolean => {
  const key = Buffer.from(secret.slice(6), 'base64');
  const mac = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64');
  return (headers['webhook-signature'] ?? '').split(' ').includes(`v1,${mac}`);
};

describe('A subscription', () => {
  it('is signed as Standard Webhooks publishes it', () => {
    const { secret, id, at, body, signature } = PUBLISHED;
    expect(webhookHeaders({ id, at, body }, [secret])).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': signature,
    });
    for (const wrong of ['', 'whsec_', 'whsec_c2hvcnQ=', 'password', `whsec_${'A'.repeat(100)}`])
      expect(() => webhookHeaders({ id, at, body }, [wrong])).toThrow('24 to 64 bytes');
  });

  it('gets events as CloudEvents, signed with both secrets while they change', async () => {
    const { url, got } = await subscriber(200);
    await channel(url, { previousSecret: { env: 'OLD' } }).send(MESSAGE);
    expect(got).toHaveLength(1);
    expect(got[0]!.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(got[0]!.body)).toEqual(EVENT);
    expect([NEXT, PUBLISHED.secret].map((secret) => isSigned(got[0]!, secret))).toEqual([true, true]);
    expect(isSigned({ ...got[0]!, body: got[0]!.body.replace('users', 'user') }, NEXT)).toBe(false);
  });

  it('tries again with a new timestamp where the receiver is out of order, and not where it refuses', async () => {
    const passing = await subscriber(503, 200);
    expect([...(await channel(passing.url).send(MESSAGE)).values()]).toEqual([{ status: 'sent' }]);
    expect(passing.got.map(({ headers }) => headers['webhook-id'])).toEqual(['health/r1', 'health/r1']);
    expect(passing.got.every((one) => isSigned(one, NEXT))).toBe(true);
    server!.close();
    const gone = await subscriber(410);
    await expect(channel(gone.url).send(MESSAGE)).rejects.toThrow('it answered 410');
    expect(gone.got).toHaveLength(1);
  });

  it('is asked again later where it stays away', async () => {
    const [fate] = (await channel('http://127.0.0.1:9/').send(MESSAGE)).values();
    expect(fate).toMatchObject({ status: 'deferred' });
    expect(JSON.stringify(fate)).not.toContain('127.0.0.1');
  });

  it('asks no private address, by number or by name, unless it may', async () => {
    const { got, url } = await subscriber(200);
    const { port } = new URL(url);
    for (const address of [
      url,
      'https://127.0.0.1/x',
      'https://[::1]/x',
      'https://[::ffff:127.0.0.1]/x',
      'https://169.254.169.254/latest/meta-data',
      'https://2130706433/x',
      'https://0x7f.1/x',
      `https://localhost:${port}/x`,
      'http://example.com/x',
      'file:///etc/passwd',
      'not an address',
    ])
      await expect(channel(address, { allowPrivate: false }).send(MESSAGE), address).rejects.toThrow(
        /private network|https/,
      );
    expect(got).toEqual([]);
  });

  it.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1:248:1893:25c8:1946', true],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.0.1', false],
    ['224.0.0.1', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['::', false],
    ['nobody', false],
  ])('%s is public: %s', (address, isPublic) => expect(isPublicAddress(address)).toBe(isPublic));

  it('takes the events that it wants, and people are not told of what is for programs', () => {
    const { route } = channel('https://a.example', { events: ['campus-lake.health'] });
    expect(takes(route, MESSAGE)).toBe(true);
    const incident: Message = {
      ...MESSAGE,
      kind: 'notice',
      event: { ...EVENT, type: 'campus-lake.incident.opened' },
    };
    expect(takes(route, incident)).toBe(false);
    expect(takes(channel('https://a.example').route, incident)).toBe(true);
    const { event: _none, ...words } = incident;
    expect(takes(channel('https://a.example').route, words)).toBe(false);
    const console = channelFor(
      { kind: 'console' },
      { campus: { root: '.' }, secrets: { get: async () => '' } },
    );
    expect(takes(console.route, MESSAGE)).toBe(false);
    expect(takes(console.route, words)).toBe(true);
  });
});
