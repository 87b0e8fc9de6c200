import { createHash } from 'node:crypto';
import { forgetFetched } from '../lms/fetched-files.ts';
import type { Rewritten } from '../ports/eraser.ts';
import type { Replication } from '../ports/replication.ts';
import type { Uses } from '../ports/step.ts';
import { matchesInLines, rewriteLines } from './lines.ts';
import type { DatasetLinks } from './links.ts';
import { closeRewriting, noteRewriting, type RawLoads } from './raw-loads.ts';
import { type DatasetRules, rulesOf, type Sought } from './rules.ts';

type Needs = Uses<'campus' | 'objects' | 'ledger' | 'eraser'>;

/** Who has noted what waits to be taken from a SIS, where there is such a one. */
export type ToldOfRewriting = {
  readonly platform: { readonly replication?: Pick<Replication, 'rewriting'> };
};

/** The rules for one raw file, by the load to which it belongs. */
function rulesOfFile(links: DatasetLinks, sought: Sought, loads: RawLoads, file: string): DatasetRules {
  const owning = loads.manifests.find(({ manifest }) =>
    manifest.files.some((one) => one.key === file || one.delivered?.key === file),
  );
  // Of a load without an end only the layout of its like is known.
  const manifest = owning?.manifest ?? loads.manifests.at(-1)?.manifest ?? LAYOUT_OF_LINES;
  return rulesOf(links, sought, file.endsWith('.parquet') ? manifest : { ...manifest, layout: 'dap' });
}

const LAYOUT_OF_LINES = { layout: 'dap' } as const;

/** The keys and owners of rows in raw files that belong to people who are sought. */
export async function matchesInRaw(
  lake: Needs,
  links: DatasetLinks,
  sought: Sought,
  loads: RawLoads,
  file: string,
): Promise<(string | null)[][]> {
  const { rules, wanted } = rulesOfFile(links, sought, loads, file);
  return file.endsWith('.parquet')
    ? lake.platform.eraser!.matchesInFile(file, rules, wanted)
    : matchesInLines(lake.platform.objects, file, rules, wanted);
}

/** One raw file after its rows were taken out. */
export interface RewrittenFile extends Rewritten {
  readonly file: string;
  readonly sha256: string;
}

/** Takes rows out of raw files, and brings the manifests in line. */
export async function rewriteRaw(
  lake: Needs & ToldOfRewriting,
  links: DatasetLinks,
  sought: Sought,
  loads: RawLoads,
): Promise<RewrittenFile[]> {
  const { eraser, objects, ledger } = lake.platform;
  const done: RewrittenFile[] = [];
  for (const file of loads.files) {
    const { rules } = rulesOfFile(links, sought, loads, file);
    const before = async ({ removed }: Rewritten) => {
      await noteRewriting(lake, loads, file, removed);
      if (!isListed(loads, file)) await lake.platform.replication?.rewriting?.(file);
    };
    const found = file.endsWith('.parquet')
      ? await eraser!.rewriteFile(file, rules, before)
      : await rewriteLines(objects, file, rules, before);
    if (!found) continue;
    await eraser!.forgetReplaced?.([file]);
    const { object, ...counts } = found;
    done.push({ file, sha256: object.sha256, ...counts });
    if (!isListed(loads, file)) await forgetFetched(ledger, links.dataset.id);
  }
  await closeRewriting(lake, loads, (file) => sumOf(lake, file));
  return done;
}

const isListed = ({ manifests }: RawLoads, file: string): boolean =>
  manifests.some(({ manifest }) =>
    manifest.files.some((one) => one.key === file || one.delivered?.key === file),
  );

async function sumOf({ platform }: Needs, key: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of (await platform.objects.get(key)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Only the files of these loads. */
export function onlyLoads(loads: RawLoads, wanted: ReadonlySet<string>): RawLoads {
  const manifests = loads.manifests.filter(({ manifest }) => wanted.has(manifest.load));
  const files = new Set(manifests.flatMap(({ manifest }) => manifest.files.flatMap(filesIn)));
  return { manifests, files: loads.files.filter((file) => files.has(file)) };
}

const filesIn = ({ key, delivered }: { key: string; delivered?: { key: string } }): string[] =>
  delivered ? [key, delivered.key] : [key];
