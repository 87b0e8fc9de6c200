import { hash, Random } from '../random.ts';

/** Global ids of this college's Canvas: shard 2107, then the local id in 13 digits. */
const SHARD = 21_070_000_000_000_000n;

export function globalId(local: number): bigint {
  return SHARD + BigInt(local);
}

/** Canvas's 40-character random keys. */
export function tokenOf(kind: string, n: number): string {
  const random = new Random('token', kind, n);
  return Array.from({ length: 5 }, () =>
    hash(kind, random.int(2 ** 31))
      .toString(36)
      .padStart(8, '0'),
  ).join('');
}

export const ROOT_ACCOUNT = globalId(1);
export const ROLE_OF = {
  StudentEnrollment: globalId(21),
  TeacherEnrollment: globalId(22),
  TaEnrollment: globalId(23),
  ObserverEnrollment: globalId(24),
  StudentViewEnrollment: globalId(21),
} as const;
export type EnrolmentType = keyof typeof ROLE_OF;

/** Where the local ids of derived things begin, so that no two kinds of one table meet. */
export const OFFSET = {
  instPseudonym: 5_000_000,
  staffEnrolment: 8_000_000,
  testStudent: 9_000_000,
} as const;
