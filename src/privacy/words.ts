import { FOREIGN_WORDS } from './foreign-words.ts';
import { partsOfWord } from './run-together.ts';

/**
 * The words of an identifier, lower-case, whatever its style: `SPBPERS_BIRTH_DATE`, `lastLoginIp`, `E-Mail`. Words
 * that are run together are parted, and those of some other languages are given in English.
 */
export function wordsOf(identifier: string): string[] {
  return identifier
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/ä/g, 'ae')
    .replace(/ö/g, 'oe')
    .replace(/ü/g, 'ue')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^a-z\d]+/)
    .flatMap((word) => RUN_TOGETHER[word] ?? FOREIGN_WORDS[word] ?? partsOfWord(word))
    .flatMap((word) => RUN_TOGETHER[word] ?? [word])
    .filter((word) => word !== '');
}

/** Whether an identifier has a word of another language: its neighbours are likely to be of that language too. */
export function isForeign(identifier: string): boolean {
  return identifier
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .some((word) => FOREIGN_WORDS[word] !== undefined);
}

/** The words between underscores, with one at each end, so that a pattern can ask for whole words. */
export function phraseOf(identifier: string): string {
  return `_${wordsOf(identifier).join('_')}_`;
}

const RUN_TOGETHER: Readonly<Record<string, readonly string[]>> = {
  birthdate: ['birth', 'date'],
  birthday: ['birth', 'date'],
  firstname: ['first', 'name'],
  lastname: ['last', 'name'],
  middlename: ['middle', 'name'],
  fullname: ['full', 'name'],
  surname: ['last', 'name'],
  forename: ['first', 'name'],
  forenames: ['first', 'name'],
  learner: ['student'],
  learners: ['students'],
  pupil: ['student'],
  pupils: ['students'],
  nickname: ['nick', 'name'],
  username: ['user', 'name'],
  emailaddress: ['email', 'address'],
  ipaddress: ['ip', 'address'],
  ipaddr: ['ip', 'addr'],
  useragent: ['user', 'agent'],
  zipcode: ['zip', 'code'],
  postcode: ['postal', 'code'],
  taxid: ['tax', 'id'],
  userid: ['user', 'id'],
  studentid: ['student', 'id'],
  phonenumber: ['phone', 'number'],
  streetaddress: ['street', 'address'],
  streetline: ['street', 'line'],
  passportnumber: ['passport', 'number'],
  accountnumber: ['account', 'number'],
};
