import type { Json } from '../../json.ts';
import type { FeaturePeople } from '../../ports/feature.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { forgetStudent, readStudents, type StudentRecord, writeStudent } from './records.ts';

/** Whatever its age: what is still stored is still kept. */
const EVER = 0;

/** What early warning keeps about students besides its tables: opt-outs, corrections, contacts. */
export const studentsOfRequests: Awaited<ReturnType<FeaturePeople['load']>> = {
  find: async (objects, isSought) =>
    (await readStudents(objects, EVER)).filter(({ student }) => isSought(student)) as unknown as Json[],
  async forget(objects, isSought) {
    let changed = 0;
    for (const record of await readStudents(objects, EVER)) {
      if (isSought(record.student)) {
        await forgetStudent(objects, record.student);
        changed += 1;
      } else if (await forgetAdviser(objects, record, isSought)) changed += 1;
    }
    return changed;
  },
};

/** That a contact took place stays; who it was does not. */
async function forgetAdviser(
  objects: ObjectStore,
  record: StudentRecord,
  isSought: (number: string) => boolean,
): Promise<boolean> {
  if (!record.contacts.some(({ by }) => by !== undefined && isSought(by))) return false;
  const contacts = record.contacts.map(({ by, ...contact }) =>
    by === undefined || isSought(by) ? contact : { ...contact, by },
  );
  await writeStudent(objects, { ...record, contacts }, EVER);
  return true;
}
