import { Readable } from 'node:stream';
import { openLocalObjects } from '../../../src/platform/local/objects.ts';

/** Begins to write an object in the folder given, says so, and waits to be killed. */
const body = Readable.from(
  (async function* () {
    yield Buffer.alloc(200_000);
    console.log('half of it is written');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  })(),
);
await openLocalObjects(process.argv[2]!).put('half', body);
