import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { handlerFor } from '../../../lambda/handler.ts';
import { openS3Objects } from '../../../src/platform/aws/objects.ts';
import { openLocalLedger } from '../../../src/platform/local/ledger.ts';
import type { Lake } from '../../../src/ports/step.ts';
import { lakeOf } from '../../lake-of.ts';
import { fakeSteps } from './fake-steps.ts';

/**
 * A function that hosts the fake steps: the real handler around them. The ledger lies in a folder, since emulated
 * functions run on this machine.
 */
const { FOLDER = '', BUCKET = '' } = process.env;
const buckets = { raw: BUCKET, staged: BUCKET, curated: BUCKET, records: BUCKET, results: BUCKET };

/** Counts calls across processes: the file of each is made once. */
async function count(key: string): Promise<number> {
  const folder = join(FOLDER, 'counts', encodeURIComponent(key));
  await mkdir(folder, { recursive: true });
  for (let n = 1; ; n++) {
    const made = await writeFile(join(folder, String(n)), '', { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (made) return n;
  }
}

const steps = fakeSteps({
  count,
  tell: (line) => appendFile(join(FOLDER, 'calls.jsonl'), `${JSON.stringify(line)}\n`),
});

export const handler = handlerFor(steps, async ({ signal, events }) => ({
  isAlive: async () => true,
  lake: lakeOf({
    signal,
    campus: { sources: {} },
    report: {
      note: (about: string, text: string) => events.publish({ type: 'note', about, text }),
      progress: () => {},
    },
    platform: {
      clock: { now: () => Date.now(), sleep: async () => {} },
      ledger: openLocalLedger(join(FOLDER, 'ledger')),
      objects: openS3Objects({ s3: new S3Client({ forcePathStyle: true }), buckets }),
    },
  }) as Lake,
}));
