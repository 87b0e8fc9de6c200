import { newAccess, recordAccess } from '../../access/log/record-access.ts';
import { type Certificate, htmlKey, issueCertificate, readCertificates } from '../../erasure/certificate.ts';
import { certificateHtml } from '../../erasure/certificate-html.ts';
import { closureOf } from '../../erasure/closure.ts';
import { ErasureIncompleteError, HeldError, SubjectError } from '../../erasure/errors.ts';
import { linksOf } from '../../erasure/links.ts';
import { checkBookWords, type ErasureRequest, readRequest, writeRequest } from '../../erasure/register.ts';
import { outcomeOf, reasonOf } from '../../erasure/rules.ts';
import { SuppressionList } from '../../erasure/suppression.ts';
import type { Json } from '../../json.ts';
import { digestOf } from '../../loads/table-identity.ts';
import { forgetModelRecord, listModelRecords } from '../../pipeline/model-record.ts';
import { runLake } from '../../pipeline/run.ts';
import { readRunRecord } from '../../pipeline/run-record.ts';
import { RunLockedError } from '../../ports/errors.ts';
import type { EventSink } from '../../ports/events.ts';
import type { Lake } from '../../ports/step.ts';
import { planWithoutSources, removeOldVersions } from '../without-sources.ts';
import { alreadyConfirmed, numbersIn, planOf, type SubjectRequest } from './plan-erasure.ts';
import { erasing, namesOf } from './subject-lake.ts';
import { verifyErased } from './verify-erased.ts';

/**
 * Erases one person from everything that the lake keeps, and issues a certificate. It can be killed anywhere: repeated
 * with the same request, it does the rest and ends the same.
 *
 * The numbers of the person go onto the suppression list first. A run without loads then takes them out of the raw
 * files and the staged tables, builds the models again, publishes and loads the warehouse. Older publications, files
 * that nothing names any more and the warehouse's log go last, and every file that is left is decoded and searched. The
 * access log has when it began and ended, and by a keyed digest for whom.
 * @throws HeldError while a hold stands; ErasureIncompleteError where something of the person is left
 */
export async function eraseSubject(
  lake: Lake,
  given: SubjectRequest,
  events: EventSink,
): Promise<Certificate> {
  await noOtherRun(lake);
  const request = await confirmed(lake, given);
  const facts = { channel: 'erasure', access: newAccess(), named: [given.student] } as const;
  await recordAccess(lake, { ...facts, outcome: 'begun' });
  await forgetModels(lake, request);
  const { record } = await runLake({ lake, events, fresh: true, plan: planWithoutSources(lake) });
  const lock = await lake.platform.ledger.lock('An erasure');
  try {
    await removeOldVersions(lake);
    await lake.platform.warehouse.forgetReplaced?.();
    await erasing(lake).eraser.forgetReplaced?.();
    const certificate = await certified(lake, request, record.run);
    await recordAccess(lake, { ...facts, outcome: 'answered', rows: rowsIn(certificate) });
    return certificate;
  } finally {
    await lock.release();
  }
}

/**
 * A run of AWS has no process here whose lock could be asked for: its record says that it is under way.
 * @throws RunLockedError while it is
 */
async function noOtherRun({ platform }: Lake): Promise<void> {
  const { status, holder, run, startedAt } = (await readRunRecord(platform.ledger))?.value ?? {};
  if (status !== 'running' || holder === undefined) return;
  throw new RunLockedError(`Run ${run} is under way since ${startedAt} (${holder}).`, {
    about: run!,
    hint: 'wait until it has ended. Of one that broke off, `lake run --target aws` does the rest',
  });
}

const rowsIn = ({ found }: Certificate): number => found.reduce((sum, { rows }) => sum + rows, 0);

/** The request as it was confirmed first: by then the person's numbers are on the list. */
async function confirmed(lake: Lake, { student, request }: SubjectRequest): Promise<ErasureRequest> {
  const { register } = erasing(lake);
  const list = await SuppressionList.create(register);
  const subject = list.digest('subject', student);
  const before = await readRequest(register, request);
  if (before && before.subject !== subject) {
    throw new SubjectError(`Request ${request} is about somebody else.`, {
      hint: 'give it another --request',
    });
  }
  if (before?.certificate !== undefined) throw alreadyConfirmed(request, before.certificate);
  if (before) return before;
  const closure = await closureOf(lake, student);
  checkBookWords({ request }, namesOf(student, closure));
  const plan = await planOf(lake, request, closure);
  const [hold] = plan.holds;
  if (hold) {
    throw new HeldError(
      `Nothing may be erased of this person: hold ${hold.hold} is in force (${hold.reason}).`,
      {
        hint: `\`lake subject release --hold ${hold.hold}\`, once its reason is gone`,
      },
    );
  }
  for (const kind of closure.kinds()) for (const text of closure.texts(kind)) list.add(request, kind, text);
  const touched = plan.found
    .filter(({ zone }) => zone === 'raw' || zone === 'staged')
    .map(({ table }) => table);
  const written: ErasureRequest = {
    request,
    subject,
    confirmedBy: lake.session.principal,
    confirmedAt: new Date(lake.platform.clock.now()).toISOString(),
    found: plan.found,
    touched: [...new Set(touched)],
    numbers: numbersIn(closure),
  };
  // Of a request that is written the list is whole: a repetition does not look for the person again.
  await list.save();
  await writeRequest(register, written);
  return written;
}

/** Versions of models that may hold the person are not kept, however old their data: they are built or not shown. */
async function forgetModels({ platform }: Lake, { touched }: ErasureRequest): Promise<void> {
  const lock = await platform.ledger.lock('An erasure');
  try {
    for (const { model, version } of await listModelRecords(platform.ledger)) {
      const reads = version.reads?.map((read) => read.split('@', 1)[0]!) ?? touched;
      if (reads.some((table) => touched.includes(table))) await forgetModelRecord(platform.ledger, model);
    }
  } finally {
    await lock.release();
  }
}

const HEAD = 'erasures/head';

async function certified(lake: Lake, request: ErasureRequest, run: string): Promise<Certificate> {
  const { register } = erasing(lake);
  const { ledger, clock } = lake.platform;
  const list = (await SuppressionList.open(register))!;
  const { places, left } = await verifyErased(lake, list);
  if (left.length > 0) {
    throw new ErasureIncompleteError(
      `Something of the person is left in ${left.slice(0, 5).join(', ')}${left.length > 5 ? ` and ${left.length - 5} more places` : ''}.`,
      {
        about: request.request,
        hint: 'see what failed in the last run (`lake status`), correct it, and repeat the command',
      },
    );
  }
  const issued = (await readCertificates(register)).find((one) => one.request === request.request);
  const certificate =
    issued ??
    (await issueCertificate(register, {
      campus: lake.campus.name,
      request: request.request,
      subject: request.subject,
      numbers: request.numbers,
      suppressed: list.countOf(request.request),
      confirmedBy: request.confirmedBy,
      confirmedAt: request.confirmedAt,
      issuedAt: new Date(clock.now()).toISOString(),
      run,
      rules: digestOf(
        linksOf(lake).map(({ dataset }) => [dataset.id, outcomeOf(dataset), reasonOf(dataset)]),
      ),
      found: request.found,
      verified: places,
      exceptions: exceptionsOf(lake, new Date(clock.now())),
    }));
  await register.putText(htmlKey(certificate.sequence), certificateHtml(certificate));
  const head = await ledger.read<Json>(HEAD);
  await ledger.write<Json>(HEAD, { sequence: certificate.sequence, hash: certificate.hash }, head?.version);
  await writeRequest(register, { ...request, certificate: certificate.sequence });
  return certificate;
}

/** What is left although the erasure is complete. */
function exceptionsOf({ catalog, platform }: Lake, at: Date): Certificate['exceptions'] {
  const retained = catalog.datasets.filter((one) => outcomeOf(one) === 'retain');
  return [
    ...retained.map((dataset) => ({
      what: `rows in ${dataset.id}`,
      why: reasonOf(dataset),
      until: 'the duty to keep them ends',
    })),
    {
      what: 'files that were exported from the lake, and copies of its warehouse',
      why: 'they lie outside of the lake, which cannot reach them',
      until: 'their holders, who have to be told, delete them',
    },
    {
      what: 'backups of the lake from before',
      why: 'a restored lake is treated by the suppression list in its first run, before anything is published',
      until: 'the last of them expires',
    },
    ...(platform.target === 'aws' ? exceptionsOnAws(at) : []),
    {
      what: 'models that were trained on rows of many people',
      why: 'their coefficients hold no row and no number of a person',
      until: 'they are trained again',
    },
  ];
}

const DAY_MS = 86_400_000;

/** What services of AWS keep by themselves, and for how long: docs/subject-requests.md has the sources. */
function exceptionsOnAws(at: Date): Certificate['exceptions'] {
  const after = (days: number) => new Date(at.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  return [
    {
      what: "statements in Athena's history that name a number of the person",
      why: 'the search for the person was made of them, and Athena has no call to delete them',
      until: after(45),
    },
    {
      what: 'recovery points of Redshift Serverless',
      why: 'the service makes them by itself',
      until: after(1),
    },
    {
      what: 'copies of raw and curated files in a second Region, where there is one',
      why: 'S3 deletes there what was deleted here, and keeps it as an earlier version',
      until: after(2),
    },
    {
      what: 'recovery points of the ledger (DynamoDB)',
      why: 'they hold no number of a person; a table restored to one is treated by the suppression list',
      until: after(35),
    },
  ];
}

/** The end of the chain of certificates as the ledger remembers it. */
export async function rememberedHead({ platform }: Lake) {
  return (await platform.ledger.read<{ sequence: number; hash: string }>(HEAD))?.value;
}
