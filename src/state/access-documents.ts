import { z } from 'zod';
import type { ChainHead } from '../access/log/chain.ts';
import type { LogKey } from '../access/log/people.ts';
import type { DocumentKind } from './document.ts';
import { count, fieldsOf, word } from './parts.ts';

export const CHAIN_HEAD: DocumentKind = {
  what: 'record of the end of a log',
  migrations: [],
  schema: fieldsOf<ChainHead>({ seq: count, hash: word, row: z.looseObject({ id: word }) }),
};

export const LOG_KEY: DocumentKind = {
  what: 'record of the key of the access log',
  migrations: [],
  schema: fieldsOf<LogKey>({ key: word }),
};
