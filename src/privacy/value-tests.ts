import { isIP } from 'node:net';

/**
 * Tests of single values. Each can be met by chance: of random 9-digit ids 89 % look like a social security
 * number and 10 % like a bank's routing number, of random 16-digit ids 10 % pass Luhn's check and 2 % have a card
 * brand's prefix too. Hence no verdict on one value, only on shares of many (see value-verdict.ts).
 */
export const VALUE_TESTS = {
  email: (v: string) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(v),
  ip: (v: string) => isIP(v) !== 0,
  /** As written with dashes: nothing else is. */
  dashedSsn: (v: string) => /^\d{3}-\d{2}-\d{4}$/.test(v) && isSsn(v.replaceAll('-', '')),
  /** Nine digits that the Social Security Administration could have given (ITINs apart). */
  ssn: (v: string) => /^\d{9}$/.test(v) && isSsn(v),
  card: (v: string) => isCard(v.replace(/[ -]/g, '')),
  iban: (v: string) => isIban(v.replaceAll(' ', '').toUpperCase()),
  routing: (v: string) => /^\d{9}$/.test(v) && isRouting(v),
  /** A telephone number as people write it; ten bare digits are no evidence (36 % of random ids would do). */
  phone: (v: string) =>
    /^(\+\d[\d ().-]{6,17}\d|\(?[2-9]\d{2}\)?[ .-]+[2-9]\d{2}[ .-]?\d{4})( ?(x|ext\.?) ?\d+)?$/.test(v),
  sentence: (v: string) => v.length >= 40 && v.trim().split(/\s+/).length >= 6,
} as const;

export type ValueTest = keyof typeof VALUE_TESTS;

/** https://www.ssa.gov: area not 000, 666 or 9xx, group not 00, serial not 0000. */
function isSsn(digits: string): boolean {
  const area = digits.slice(0, 3);
  return (
    area !== '000' &&
    area !== '666' &&
    !area.startsWith('9') &&
    digits.slice(3, 5) !== '00' &&
    digits.slice(5) !== '0000'
  );
}

/** ISO/IEC 7812: Luhn's check, and the prefix and length of a brand. */
function isCard(digits: string): boolean {
  const brand =
    /^(4\d{12}(\d{3}){0,2}|5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(011|5\d\d)\d{12}|3(0[0-5]|[68]\d)\d{11})$/;
  return brand.test(digits) && luhn(digits);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the letters as numbers, the first four places moved to the end, modulo 97. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z\d]{11,30}$/.test(text)) return false;
  const moved = text.slice(4) + text.slice(0, 4);
  let rest = 0;
  for (const c of moved) {
    const value = Number.parseInt(c, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ABA: weights 3, 7, 1 modulo 10, and a prefix of the Federal Reserve. */
function isRouting(digits: string): boolean {
  const prefix = Number(digits.slice(0, 2));
  const inUse =
    prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
  let sum = 0;
  for (let i = 0; i < 9; i += 1) sum += Number(digits[i]) * [3, 7, 1][i % 3]!;
  return inUse && sum % 10 === 0 && digits !== '000000000';
}
