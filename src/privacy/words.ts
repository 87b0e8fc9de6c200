import { FOREIGN_WORDS, WHERE_NOTES_ARE_MARKS } from './foreign-words.ts';
import { partsOfWord } from './run-together.ts';

/**
 * The words of an identifier, lower-case, whatever its style: `SPBPERS_BIRTH_DATE`, `lastLoginIp`, `E-Mail`. Words
 * that are run together are parted, and those of some other languages are given in English.
 */
export function wordsOf(identifier: string): string[] {
  const plain = plainWords(identifier);
  // In Spanish a `clave` is a password where it stands alone, and a code where it is the clave of something.
  if (plain.length === 1 && plain[0] === 'clave') return ['password'];
  return plain
    .flatMap((word) => inEnglish(word) ?? partsOfWord(word))
    .flatMap((word) => inEnglish(word) ?? [word]);
}

const inEnglish = (word: string): readonly string[] | undefined =>
  RUN_TOGETHER.get(word) ?? FOREIGN_WORDS.get(word);

function plainWords(identifier: string): string[] {
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
    .replace(/([a-z]{3})(\d{1,3})(?![a-z\d])/g, splitNumber) // `comment2`, `dob1`
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** `ipv4`, `sha256` and `utf8` are words. */
const splitNumber = (all: string, letters: string, digits: string): string =>
  /^(ipv|sha|utf)$/.test(letters) ? all : `${letters} ${digits}`;

/** Whether an identifier has a word of a language in which a `note` is a mark: its neighbours are of that language too. */
export function isForeign(identifier: string): boolean {
  return plainWords(identifier).some((word) =>
    [word, ...partsOfWord(word)].some((part) => WHERE_NOTES_ARE_MARKS.has(part)),
  );
}

/** The words between underscores, with one at each end, so that a pattern can ask for whole words. */
export function phraseOf(identifier: string): string {
  return `_${wordsOf(identifier).join('_')}_`;
}

const RUN_TOGETHER: ReadonlyMap<string, readonly string[]> = new Map(
  `birthdate=birth_date birthday=birth_date dateofbirth=birth_date bday=birth_date firstname=first_name
  lastname=last_name middlename=middle_name fullname=full_name surname=last_name surnames=last_name forename=first_name
  forenames=first_name learner=student learners=students pupil=student pupils=students nickname=nick_name
  username=user_name emailaddress=email_address ipaddress=ip_address ipaddr=ip_addr useragent=user_agent zipcode=zip_code
  postcode=postal_code taxid=tax_id userid=user_id studentid=student_id phonenumber=phone_number
  streetaddress=street_address streetline=street_line passportnumber=passport_number accountnumber=account_number
  freetext=free_text ethnicgroup=ethnic_group`
    .split(/\s+/)
    .map((entry) => {
      const [word, words] = entry.split('=') as [string, string];
      return [word, words.split('_')] as const;
    }),
);
