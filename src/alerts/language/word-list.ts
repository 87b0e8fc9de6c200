import { WORD_GROUPS } from './vocabulary.ts';
import { KIND_WORDS } from './word.ts';

/** Every form of every word by group, for people: what it takes (the top of the stack last) and what it does. */
export const wordList = () =>
  WORD_GROUPS.map(({ title, words }) => ({
    title,
    words: words.map(({ name, takes, does }) => ({
      name,
      takes: takes.map((kind) => KIND_WORDS[kind]).join(', ') || 'nothing',
      does,
    })),
  }));
