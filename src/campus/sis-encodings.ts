/**
 * Encodings that PostgreSQL translates into UTF-8, by its own names (PostgreSQL documentation, "Character Set Support").
 */
export const SIS_ENCODINGS = [
  'UTF8',
  'LATIN1',
  'LATIN2',
  'LATIN5',
  'LATIN9',
  'WIN1250',
  'WIN1251',
  'WIN1252',
  'WIN1253',
  'WIN1254',
  'WIN1255',
  'WIN1256',
  'WIN1257',
  'WIN866',
  'KOI8R',
  'EUC_JP',
  'SJIS',
  'EUC_KR',
  'EUC_CN',
  'GBK',
  'GB18030',
  'EUC_TW',
  'BIG5',
] as const;
export type SisEncoding = (typeof SIS_ENCODINGS)[number];
