/** Ids of runs and incidents, dates and times: numbers that are of no person. */
const OTHERS =
  /\b\d{8}T\d{6}Z-[0-9a-f]+(?:\/[\w.|-]+)?|\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?)?|\b\d{1,2}:\d{2}\b/g;

const EMAIL = /[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+/;
/** Four digits or more, with up to three letters before them and one behind, as registrars and an LMS number people. */
const NUMBER = /(?<![\w.])[A-Za-z]{0,3}[-_]?\d{4,}[A-Za-z]?(?!\w)/g;
const UUID = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/i;
const CARD = /\b\d{3}-\d{2}-\d{4}\b/;
const AFTER_PERSON =
  /\b(?:student|learner|pupil|person|user|adviser|advisor|teacher|instructor)[\s_-]+(?:(?:id|no|nr|number)\.?\s*)?[:#]?\s*['"]?[A-Za-z_-]{0,4}\d+/i;
/** `student Ana Diaz`; names of tables and columns are in small letters. */
const NAMED = /\b(?:student|learner|pupil|adviser|advisor|teacher|instructor)\s+\p{Lu}[\p{L}'’-]+/u;

/**
 * Whether a text may name a single person: a number as people have it, an address, or a name behind a word for people.
 * Errs towards yes.
 */
export function namesPerson(text: string): boolean {
  // Digits of other scripts are digits.
  const rest = text.replaceAll(OTHERS, ' ').replaceAll(/(?!\d)\p{Nd}/gu, '0');
  if (EMAIL.test(rest) || UUID.test(rest) || CARD.test(rest) || AFTER_PERSON.test(rest) || NAMED.test(rest))
    return true;
  return [...rest.matchAll(NUMBER)].some(([number]) => !isYear(number));
}

const isYear = (text: string): boolean => /^(?:19|20)\d\d$/.test(text);
