import type { Answer, Delivery } from '../answer.ts';
import { storeError } from '../api-errors.ts';
import type { FaultKind, Strike } from './fault.ts';

function delivered(how: (strike: Strike) => Delivery): FaultKind['strike'] {
  return async (strike) => ({ ...(await strike.carryOn()), delivery: how(strike) });
}

function altered(alter: (bytes: Buffer, strike: Strike) => Uint8Array): FaultKind['strike'] {
  return async (strike): Promise<Answer> => {
    const right = await strike.carryOn();
    const bytes = alter(Buffer.concat(right.body), strike);
    return {
      ...right,
      headers: { ...right.headers, 'content-length': String(bytes.byteLength) },
      body: [bytes],
    };
  };
}

const endpoints = ['file'] as const;

/** Failures of downloads. */
export const FILE_FAULTS = [
  {
    what: 'url-expired',
    endpoints,
    calls: 'recover',
    about: '403: the signed URL no longer holds',
    strike: () => {
      throw storeError(403, 'AccessDenied', 'Request has expired');
    },
  },
  {
    what: 'store-busy',
    endpoints,
    calls: 'recover',
    about: '503: the file store asks to slow down',
    strike: () => {
      throw storeError(503, 'SlowDown', 'Please reduce your request rate.');
    },
  },
  {
    what: 'redirect',
    endpoints,
    calls: 'recover',
    about: '307: the store sends on to another of its addresses',
    strike: ({ call, parts }: Strike): Answer => {
      const query = new URLSearchParams(call.query);
      query.set('sent-on', String(Number(query.get('sent-on') ?? 0) + 1));
      const location = `${parts.origin()}/files/${call.job}/${call.file}?${query}`;
      return { status: 307, headers: { location }, body: [] };
    },
  },
  {
    what: 'zero-bytes',
    endpoints,
    calls: 'recover',
    about: 'the file has no bytes at all, and the answer calls that its length',
    strike: altered(() => new Uint8Array()),
  },
  {
    what: 'file-cut',
    endpoints,
    calls: 'recover',
    about: 'the connection breaks in the file, `at` a part of it',
    strike: delivered(({ fault }) => ({ cutAt: fault.at ?? 0.5 })),
  },
  {
    what: 'file-truncated',
    endpoints,
    calls: 'recover',
    about: 'the file ends `at` a part of it, and the answer calls that its length',
    strike: altered((bytes, { fault }) => bytes.subarray(0, Math.floor(bytes.length * (fault.at ?? 0.5)))),
  },
  {
    what: 'file-corrupt',
    endpoints,
    calls: 'recover',
    about: 'bytes of the right number, some of them wrong: within gzip, or the foot of a Parquet file',
    strike: altered((bytes) => {
      const isParquet = bytes.subarray(0, 4).toString() === 'PAR1';
      const start = isParquet ? bytes.length - 12 : Math.floor(bytes.length / 2);
      return Buffer.from(bytes).fill(0x5a, start, isParquet ? bytes.length : start + 16);
    }),
  },
  {
    what: 'file-slow',
    endpoints,
    calls: 'recover',
    about: 'the file comes in drops: a pause of `seconds` (0.05) after each 64 kB',
    strike: delivered(({ fault }) => ({ pauseMs: (fault.seconds ?? 0.05) * 1000 })),
  },
  {
    what: 'file-stalls',
    endpoints,
    calls: 'recover',
    about:
      'nothing comes any more after a part of the file, for `seconds` (an hour), then the connection breaks',
    strike: delivered(({ fault }) => ({ cutAt: fault.at ?? 0.5, stallMs: (fault.seconds ?? 3600) * 1000 })),
  },
] as const satisfies readonly FaultKind[];
