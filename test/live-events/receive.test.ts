import { afterEach, describe, expect, it } from 'vitest';
import { readDelivery } from '../../src/live-events/envelope.ts';
import { listen, type Receiver } from '../../src/live-events/https.ts';
import { dapId, shardOf } from '../../src/live-events/ids.ts';
import { SigningKeys, verifiedClaims } from '../../src/live-events/signed.ts';
import { EventTreatment, idOf } from '../../src/live-events/treat.ts';
import { PayloadSigner } from '../../src/simulators/canvas/live-events/signer.ts';

const METADATA = {
  event_name: 'submission_created',
  event_time: '2026-10-05T10:00:00.250+02:00',
  root_account_id: '21070000000000001',
  request_id: 'r1',
  user_id: '42',
  user_login: 'müller@example.edu',
  user_sis_id: 'S42',
  client_ip: '192.0.2.1',
  unheard_of: 'x',
};
const BODY = {
  submission_id: '21070000000000007',
  assignment_id: '7',
  user_id: '21070000000000042',
  group_id: null,
  lti_user_id: 'abc',
  score: 3.5,
  body: 'my essay',
  student_home_email: 'a@b.c',
};
const DELIVERED = { metadata: METADATA, body: BODY };

const column = (name: string, privacy: string, more = {}) => ({
  name,
  type: 'varchar',
  nullable: true,
  privacy,
  ...more,
});
const treatment = (more = {}) =>
  new EventTreatment({
    source: 'canvas',
    campus: { privacy: { defaults: {}, undecided: 'allow' } },
    datasets: [
      { table: 'users', columns: [column('id', 'quasi', more)] },
      {
        table: 'pseudonyms',
        columns: [
          column('sis_user_id', 'direct', { treatment: 'pseudonym', pseudonymNamespace: 'person' }),
          column('unique_id', 'direct', { treatment: 'exclude' }),
        ],
      },
      { table: 'submissions', columns: [column('score', 'education'), column('body', 'text')] },
    ] as never,
    keys: [Buffer.from('k'.repeat(32))],
  });

describe('a delivery', () => {
  it('is read in both envelopes, with the time of any offset', () => {
    const [event] = readDelivery(DELIVERED);
    expect(event).toMatchObject({ name: 'submission_created', time: Date.parse('2026-10-05T08:00:00.250Z') });
    expect(readDelivery({ attributes: METADATA, body: BODY })).toEqual([event]);
    expect(readDelivery({ metadata: METADATA, body: JSON.stringify(BODY) })).toEqual([event]);
  });

  it('is read in Caliper 1.1', () => {
    const urn = (kind: string, id: number) => `urn:instructure:canvas:${kind}:2107000000000000${id}`;
    const [event] = readDelivery({
      sensor: 'https://canvas.example.edu',
      dataVersion: 'http://purl.imsglobal.org/ctx/caliper/v1p1',
      data: [
        {
          id: 'urn:uuid:1',
          type: 'AssignableEvent',
          action: 'Submitted',
          eventTime: '2026-10-05T08:00:00.250Z',
          actor: {
            id: urn('user', 4),
            type: 'Person',
            extensions: {
              'com.instructure.canvas': {
                user_login: 'm',
                root_account_id: '21070000000000001',
                entity_id: '21070000000000004',
              },
            },
          },
          object: {
            id: urn('submission', 7),
            type: 'Attempt',
            count: 2,
            dateCreated: '2026-10-05T08:00:00Z',
            assignable: { id: urn('assignment', 9), type: 'AssignableDigitalResource' },
          },
          group: { id: urn('course', 5), type: 'CourseOffering' },
          extensions: { 'com.instructure.canvas': { request_id: 'r' } },
        },
      ],
    });
    expect(event).toMatchObject({
      format: 'caliper',
      id: 'urn:uuid:1',
      name: 'submission_created',
      body: {
        submission_id: '21070000000000007',
        assignment_id: '21070000000000009',
        user_id: '21070000000000004',
        attempt: 2,
      },
      metadata: { context_id: '21070000000000005', context_type: 'Course', user_login: 'm' },
    });
  });

  it.each([
    [undefined],
    [null],
    ['x'],
    [[]],
    [{}],
    [{ metadata: {} }],
    [{ metadata: { event_name: 'a' } }],
    [{ metadata: { event_name: 'a b', event_time: '2026-01-01T00:00:00Z' } }],
    [{ metadata: { event_name: 'a', event_time: 'then' } }],
    [{ data: [null] }],
    [{ metadata: { event_name: 'a', event_time: '2026-01-01T00:00:00Z' }, body: '{' }],
    [{ metadata: METADATA, body: `${'['.repeat(9_000)}${']'.repeat(9_000)}` }],
    [{ metadata: METADATA, body: JSON.parse(`${'['.repeat(9_000)}${']'.repeat(9_000)}`) }],
  ])('is refused where it is none: %#', (delivered) => {
    expect(() => readDelivery(delivered)).toThrow('no live event');
  });

  it('has one id however often it comes, and another one for anything else', () => {
    const id = (delivered: unknown) => idOf(readDelivery(delivered)[0]!);
    const turned = { body: Object.fromEntries(Object.entries(BODY).reverse()), metadata: METADATA };
    expect(id(turned)).toBe(id(DELIVERED));
    const others = [
      { metadata: { ...METADATA, request_id: 'r2' }, body: BODY },
      { metadata: { ...METADATA, event_time: '2026-10-05T10:00:00.251+02:00' }, body: BODY },
      { metadata: METADATA, body: { ...BODY, score: 4 } },
    ];
    expect(new Set([DELIVERED, ...others].map(id)).size).toBe(4);
  });
});

describe('ids', () => {
  it('are those of DAP: local on the own shard, global on another', () => {
    const shard = shardOf('21070000000000001');
    expect(shard).toBe(2107n);
    expect(dapId('21070000000000042', shard)).toBe('42');
    expect(dapId('42', shard)).toBe('42');
    expect(dapId(42, shard)).toBe('42');
    expect(dapId('99990000000000042', shard)).toBe('99990000000000042');
    expect(dapId('2107~42', shard)).toBe('42');
    expect(dapId('42', shard, 'global')).toBe('21070000000000042');
    expect(dapId('99990000000000042', shard, 'global')).toBe('99990000000000042');
    expect(shardOf('1')).toBeUndefined();
    expect(dapId('21070000000000042', undefined)).toBe('42');
  });

  it.each([[''], ['x'], ['-1'], ['0'], [null], [1.5], [{}], ['99999999999999999999']])(
    'are none: %j',
    (id) => {
      expect(dapId(id, 1n)).toBeUndefined();
    },
  );
});

describe('what is about people', () => {
  const kept = (more = {}) => treatment(more).treat(readDelivery(DELIVERED)[0]!);

  it('is treated as the catalog decides, before it is kept', () => {
    const { metadata, body } = kept();
    expect(body).toEqual({
      submission_id: '7',
      assignment_id: '7',
      user_id: '42',
      score: 3.5,
      lti_user_id: body.lti_user_id,
    });
    expect(metadata).toMatchObject({ event_name: 'submission_created', user_id: '42', request_id: 'r1' });
    expect(metadata.user_sis_id).toMatch(/^[0-9a-f]{32}$/);
    for (const gone of ['user_login', 'client_ip', 'unheard_of']) expect(metadata).not.toHaveProperty(gone);
  });

  it('is one pseudonym wherever it stands, whatever form its id had', () => {
    const { metadata, body } = kept({ treatment: 'pseudonym', pseudonymNamespace: 'canvas_user' });
    expect(body.user_id).toMatch(/^[0-9a-f]{32}$/);
    expect(metadata.user_id).toBe(body.user_id);
  });

  it('is looked for in fields with the names of what every object has', () => {
    const body = JSON.parse('{"constructor":"a","toString":{"email":"a@b.c"},"__proto__":{"user_id":"9"}}');
    const left = treatment().treat(readDelivery({ metadata: METADATA, body })[0]!).body;
    expect(left.user_id).toBeUndefined();
    expect(JSON.stringify(left)).not.toContain('a@b.c');
  });

  it('is looked for in events that nobody knows, also deep in them', () => {
    const event = readDelivery({
      metadata: { event_name: 'something_new', event_time: '2026-10-05T10:00:00Z' },
      body: { thing_id: '5', people: [{ email: 'a@b.c', position: 3 }], phone_number: '555' },
    })[0]!;
    expect(treatment().treat(event).body).toEqual({ thing_id: '5', people: [{ position: 3 }] });
  });
});

describe('signatures', () => {
  const open = (signer: PayloadSigner) => {
    let asked = 0;
    let now = 0;
    const keys = new SigningKeys(
      async () => {
        asked += 1;
        return signer.jwks();
      },
      () => now,
    );
    return {
      keys,
      asked: () => asked,
      pass: (ms: number) => {
        now += ms;
      },
    };
  };

  it('are checked by keys that are fetched once, and again for one that is not known', async () => {
    const signer = new PayloadSigner(1024);
    const { keys, asked, pass } = open(signer);
    expect(await verifiedClaims(signer.sign({ a: 1 }), keys)).toEqual({ a: 1 });
    signer.rotate();
    expect(await verifiedClaims(signer.sign({ a: 2 }), keys)).toEqual({ a: 2 });
    expect(asked()).toBe(1);
    signer.rotate();
    signer.rotate();
    await expect(verifiedClaims(signer.sign({}), keys)).rejects.toThrow('nobody knows its key');
    expect(asked()).toBe(1);
    pass(60_000);
    expect(await verifiedClaims(signer.sign({ a: 3 }), keys)).toEqual({ a: 3 });
    expect(asked()).toBe(2);
  });

  it.each([
    ['none', 'x.y.', 'no signed token'],
    [
      'another algorithm',
      `${Buffer.from('{"alg":"HS256","kid":"key-2"}').toString('base64url')}.e30.AA`,
      'RS256',
    ],
    ['no algorithm', `${Buffer.from('{"alg":"none","kid":"key-2"}').toString('base64url')}.e30.AA`, 'RS256'],
    ['no key', `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.AA`, 'names no key'],
    [
      'a wrong one',
      `${Buffer.from('{"alg":"RS256","kid":"key-2"}').toString('base64url')}.e30.AA`,
      'does not fit',
    ],
    ['no sense', '!.!.!', 'cannot be read'],
  ])('are refused: %s', async (_what, token, why) => {
    const { keys } = open(new PayloadSigner(1024));
    await expect(verifiedClaims(token, keys)).rejects.toThrow(why);
  });

  it('of others are refused', async () => {
    const { keys } = open(new PayloadSigner(1024));
    await expect(verifiedClaims(new PayloadSigner(1024).sign({ a: 1 }), keys)).rejects.toThrow(
      'does not fit',
    );
  });
});

describe('the address for deliveries', () => {
  let receiver: Receiver | undefined;
  afterEach(() => receiver?.close());
  const signer = new PayloadSigner(1024);
  const start = async (keep: (delivery: unknown) => Promise<void>, unsigned = false) => {
    const refused: string[] = [];
    const keys = new SigningKeys(
      async () => signer.jwks(),
      () => 0,
    );
    receiver = await listen({
      address: '127.0.0.1',
      port: 0,
      keys,
      unsigned,
      keep,
      refused: (code) => refused.push(code),
    });
    const post = async (body: string, method = 'POST') =>
      (await fetch(receiver!.at, { method, ...(method === 'POST' ? { body } : {}) })).status;
    return { post, refused };
  };

  it('answers once a delivery is kept, and asks for it again where it could not be', async () => {
    const kept: unknown[] = [];
    let isFull = false;
    const { post, refused } = await start(async (delivery) => {
      if (isFull) throw new Error('full');
      kept.push(delivery);
    });
    expect(await post(signer.sign(DELIVERED))).toBe(204);
    expect(kept).toEqual([DELIVERED]);
    isFull = true;
    expect(await post(signer.sign(DELIVERED))).toBe(503);
    expect(refused).toEqual(['unexpected']);
  });

  it('takes nothing that is unsigned unless told, too long, or no delivery', async () => {
    const { post } = await start(async (delivery) => void readDelivery(delivery));
    expect(await post(JSON.stringify(DELIVERED))).toBe(401);
    expect(await post(signer.sign({ a: 1 }))).toBe(400);
    expect(await post('x'.repeat(2_000_000)).catch(() => 413)).toBe(413);
    expect(await post('', 'GET')).toBe(405);
    await receiver!.close();
    const open = await start(async (delivery) => void readDelivery(delivery), true);
    expect(await open.post(JSON.stringify(DELIVERED))).toBe(204);
    expect(await open.post('{')).toBe(400);
  });
});
