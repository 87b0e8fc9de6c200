import type { Rule } from './rule.ts';

/** Requests of single people. */
export const ERASURE: readonly Rule[] = [
  {
    id: 'erased-rows-returned',
    version: 1,
    title: 'Rows of erased people came back',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: '*… new rows of people who were erased came with this load and were kept out* (a remark)',
      cause: 'the source still has a person who was erased from the lake, or the person has enrolled again',
      action:
        'have the source delete them; after a new enrolment, `lake subject readmit --request …`, then `lake reload` of the named table ([subject requests](subject-requests.md#somebody-comes-back))',
    },
  },
  {
    id: 'erasure-held',
    version: 1,
    title: 'A hold forbids an erasure',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: '*Nothing may be erased of this person: hold … stands* (`held`)',
      cause: 'somebody has said that the record must be kept, such as while an inspection is open',
      action: '`lake subject release --hold …` once the reason is gone',
    },
  },
  {
    id: 'erasure-incomplete',
    version: 1,
    title: 'Something of an erased person is left',
    when: { kinds: ['step-failed'], codes: ['erasure-incomplete'] },
    scope: 'table',
    assignee: 'operator',
    confidence: 0.9,
    runbook: {
      message: '*Something of the person is left in …* (`erasure-incomplete`)',
      cause: 'a model or a table of the last run failed, so an older version with the person stayed',
      action: 'fix what `lake status` names, then repeat the command: it does the rest',
    },
  },
  {
    id: 'erasure-unfinished',
    version: 1,
    title: 'An erasure is not complete',
    scope: 'table',
    assignee: 'owner',
    confidence: 0.9,
    runbook: {
      message: '*Request … was confirmed, and is not complete* (`subject`)',
      cause: 'an erasure was killed or failed',
      action: 'repeat it with `--confirm`',
    },
  },
  {
    id: 'register-damaged',
    version: 1,
    title: 'The register of erasures was changed',
    when: { kinds: ['step-failed'], codes: ['register-damaged'] },
    scope: 'lake',
    assignee: 'operator',
    confidence: 0.9,
    explains: ['*'],
    runbook: {
      message: '*… the register of erasures was changed* (`register-damaged`)',
      cause: 'a certificate was edited or deleted after it was issued',
      action: 'restore the folder `<lake>-erasures` from a backup, and find out who changed it',
    },
  },
];
