import type { Certificate } from './certificate.ts';
import { escaped, page, table } from './html.ts';

/** A certificate as a page to print and to file. */
export function certificateHtml(certificate: Certificate): string {
  const { sequence, campus, request, subject, hash, previous } = certificate;
  const facts = [
    ['Request', request],
    ['Person (keyed digest)', subject],
    ['Numbers and keys by which the person was known', String(certificate.numbers)],
    ['Digests that keep the person out', String(certificate.suppressed)],
    ['Confirmed', `${certificate.confirmedBy}, ${certificate.confirmedAt}`],
    ['Issued', certificate.issuedAt],
    ['Built and published without the person by run', certificate.run],
    ['Rules (digest)', certificate.rules],
    ['Certificate before (SHA-256)', previous],
    ['This certificate (SHA-256)', hash],
  ];
  const found = certificate.found.map(({ zone, table: name, rows, outcome, reason }) => [
    zone,
    name,
    String(rows),
    outcome,
    reason,
  ]);
  const verified = certificate.verified.map(({ zone, place, asked, answer, files }) => [
    zone,
    place,
    asked,
    answer,
    files ? String(Object.keys(files).length) : '',
  ]);
  const exceptions = certificate.exceptions.map(({ what, why, until }) => [what, why, until]);
  return page(
    `Certificate of erasure ${sequence}: ${campus}`,
    `${table(['', ''], facts)}
<h2>Found before</h2>${table(['Zone', 'Table', 'Rows', 'Outcome', 'Reason'], found)}
<h2>Verified after</h2>${table(['Zone', 'Place', 'Asked', 'Answer', 'Files decoded'], verified)}
<h2>What stays</h2>${table(['What', 'Why', 'Until'], exceptions)}
<p class="note">${escaped('`lake subject verify` recomputes the chain of all certificates. The JSON file beside this page names every file that was decoded, with its SHA-256.')}</p>`,
  );
}
