import type { StudentRecord } from './records.ts';

/** After so many days somebody is asked to settle a correction. */
const LONGEST_WAIT_DAYS = 14;

/** That corrections wait for their source to be corrected, as a count; undefined where none has waited too long. @param now epoch ms */
export function waitingInWords(records: readonly StudentRecord[], now: number): string | undefined {
  const since = now - LONGEST_WAIT_DAYS * 86_400_000;
  const waiting = records
    .flatMap(({ corrections }) => corrections)
    .filter(({ at }) => Date.parse(at) < since).length;
  if (waiting === 0) return undefined;
  return `${waiting === 1 ? 'one correction has' : `${waiting} corrections have`} waited longer than ${LONGEST_WAIT_DAYS} days: \`lake early-warning correct\` lists them`;
}
