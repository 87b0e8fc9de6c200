import { mkdtemp, open, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDelivery } from '../src/live-events/envelope.ts';
import { listen } from '../src/live-events/https.ts';
import { SigningKeys } from '../src/live-events/signed.ts';
import { EventTreatment, logKeyOf } from '../src/live-events/treat.ts';
import { openLocalEventLogs } from '../src/platform/local/event-log/event-logs.ts';
import { PayloadSigner } from '../src/simulators/canvas/live-events/signer.ts';

/** Signed deliveries over HTTP until each is on the disk, beside a loop that writes one such event and syncs it. */
const EVENTS = 10_000;
const AT_ONCE = 64;

const folder = await mkdtemp(path.join(tmpdir(), 'bench-events-'));
const signer = new PayloadSigner();
const bodies = Array.from({ length: EVENTS }, (_, i) =>
  signer.sign({
    metadata: {
      event_name: 'submission_created',
      event_time: new Date(Date.UTC(2026, 9, 5) + i).toISOString(),
      root_account_id: '21070000000000001',
      request_id: `r${i}`,
      user_id: String(i % 500),
    },
    body: { submission_id: String(i), assignment_id: '7', user_id: String(i % 500), score: null, attempt: 1 },
  }),
);

const file = await open(path.join(folder, 'bare'), 'w');
const one = Buffer.alloc(400);
const bareBegan = performance.now();
const BARE = 500;
for (let i = 0; i < BARE; i += 1) {
  await file.write(one);
  await file.datasync();
}
const bare = (BARE / (performance.now() - bareBegan)) * 1000;
await file.close();

const log = await openLocalEventLogs({ folder, clock: Date }).openWriter('canvas');
const treatment = new EventTreatment({
  source: 'canvas',
  campus: { privacy: { defaults: {}, undecided: 'allow' } },
  datasets: [],
  keys: [],
});
const receiver = await listen({
  address: '127.0.0.1',
  port: 0,
  keys: new SigningKeys(async () => signer.jwks(), Date.now),
  unsigned: false,
  refused: (code) => console.error(code),
  async keep(delivery) {
    const events = readDelivery(delivery).map((event) => treatment.treat(event));
    await log.append(events.map((event) => ({ key: logKeyOf(event), value: JSON.stringify(event) })));
  },
});
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
let next = 0;
let accepted = 0;
const post = (body: string) =>
  new Promise<void>((resolve, reject) => {
    const sent = request(receiver.at, { method: 'POST', agent }, (response) => {
      if (response.statusCode === 204) accepted += 1;
      response.resume().on('end', resolve);
    });
    sent.on('error', reject).end(body);
  });
const began = performance.now();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (next < EVENTS) await post(bodies[next++]!);
  }),
);
const seconds = (performance.now() - began) / 1000;
agent.destroy();
await receiver.close();
await log.close();
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    accepted,
    perSecond: Math.round(EVENTS / seconds),
    bareSyncsPerSecond: Math.round(bare),
    ratio: Number((EVENTS / seconds / bare).toFixed(2)),
  }),
);
