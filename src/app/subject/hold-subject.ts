import { type Certificate, readCertificates, verifyChain } from '../../erasure/certificate.ts';
import { closureOf } from '../../erasure/closure.ts';
import {
  checkBookWords,
  type Hold,
  listHolds,
  listRequests,
  removeHold,
  writeHold,
} from '../../erasure/register.ts';
import { SuppressionList } from '../../erasure/suppression.ts';
import type { Lake } from '../../ports/step.ts';
import { rememberedHead } from './erase-subject.ts';
import { subjectsOf } from './plan-erasure.ts';
import { erasing, namesOf } from './subject-lake.ts';

/** What the register of erasures has, without a number of anybody. */
export interface Register {
  readonly requests: readonly {
    readonly request: string;
    readonly confirmedAt: string;
    readonly confirmedBy: string;
    readonly certificate?: number;
    /** Digests that keep the person out. 0: the person may come back. */
    readonly suppressed: number;
  }[];
  readonly holds: readonly Hold[];
}

/**
 * Keeps a person's data from being erased, as while an inspection, a complaint or a case is open.
 * @param hold its name in the college's books
 * @throws SubjectError where nothing is about such a person, and as `checkBookWords` and `writeHold` do
 */
export async function holdSubject(
  lake: Lake,
  { student, hold, reason }: { readonly student: string; readonly hold: string; readonly reason: string },
): Promise<Hold> {
  const { register } = erasing(lake);
  const list = await SuppressionList.create(register);
  const closure = await closureOf(lake, student);
  checkBookWords({ hold, reason }, namesOf(student, closure));
  const placed: Hold = {
    hold,
    subjects: subjectsOf(list, closure),
    reason,
    by: lake.session.principal,
    at: new Date(lake.platform.clock.now()).toISOString(),
  };
  await writeHold(register, placed);
  return placed;
}

/** Takes a hold away. @throws SubjectError where there is none of that name */
export async function releaseHold(lake: Lake, hold: string): Promise<void> {
  await removeHold(erasing(lake).register, hold);
}

/**
 * Lets a person who was erased come back with the next loads, as one who has enrolled again. What was erased stays so
 * until the sources deliver it again.
 * @throws SubjectError where the request keeps nobody out
 */
export async function readmitSubject(lake: Lake, request: string): Promise<void> {
  const { register } = erasing(lake);
  await (await SuppressionList.create(register)).remove(request);
}

/** Requests and holds as they stand. */
export async function readRegister(lake: Lake): Promise<Register> {
  const { register } = erasing(lake);
  const list = await SuppressionList.open(register);
  const requests = (await listRequests(register)).map(
    ({ request, confirmedAt, confirmedBy, certificate }) => ({
      request,
      confirmedAt,
      confirmedBy,
      ...(certificate === undefined ? {} : { certificate }),
      suppressed: list?.countOf(request) ?? 0,
    }),
  );
  return { requests, holds: await listHolds(register) };
}

/**
 * Recomputes the chain of certificates and compares its end with the one in the ledger.
 * @throws RegisterDamagedError where a certificate was changed or removed
 */
export async function verifyRegister(lake: Lake): Promise<{ certificates: Certificate[] }> {
  const { register } = erasing(lake);
  await verifyChain(register, await rememberedHead(lake));
  return { certificates: await readCertificates(register) };
}
