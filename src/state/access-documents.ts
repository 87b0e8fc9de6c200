import { z } from 'zod';
import type { ChainHead } from '../access/log/chain.ts';
import type { Emergency } from '../access/log/emergencies.ts';
import type { LogKey } from '../access/log/people.ts';
import type { DocumentKind } from './document.ts';
import { count, fieldsOf, instant, maybeText, text, word } from './parts.ts';

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

export const EMERGENCY: DocumentKind = {
  what: 'record of an emergency',
  migrations: [],
  schema: fieldsOf<Emergency>({
    id: word,
    principal: text,
    from: word,
    role: word,
    reason: text,
    at: instant,
    until: instant,
    finding: maybeText,
    reviewer: maybeText,
  }),
};
