import type { AddedOpsTable } from '../ports/ledger.ts';

/**
 * What was asked of the assistant, without the words of the question: those can name a person. Of no class, since it
 * names who has asked.
 */
export const QUESTIONS: AddedOpsTable = {
  name: 'questions',
  description:
    'Each question to the assistant: who asked, what about, how it was answered, and what it cost; never its words',
  columns: [
    { name: 'asked_at', type: 'timestamp' },
    { name: 'principal', type: 'varchar' },
    { name: 'role', type: 'varchar' },
    { name: 'intent', type: 'varchar' },
    { name: 'about', type: 'varchar' },
    { name: 'answer', type: 'varchar' },
    { name: 'cause', type: 'varchar' },
    { name: 'evidence', type: 'bigint' },
    { name: 'answered_by', type: 'varchar' },
    { name: 'fell_back', type: 'varchar' },
    { name: 'rejected_claims', type: 'bigint' },
    { name: 'calls', type: 'bigint' },
    { name: 'tokens_in', type: 'bigint' },
    { name: 'tokens_out', type: 'bigint' },
    { name: 'ms', type: 'bigint' },
  ],
};
