import { DeployError } from '../errors.ts';
import { ASSUMED } from './assumptions.ts';
import type { Charge, Resource } from './template.ts';
import type { Usage } from './usage.ts';

/** What lies in a bucket: GB from the first day on, and GB that every night adds. */
interface Content {
  readonly first: number;
  readonly nightly: number;
}

interface Rule {
  readonly ExpirationInDays?: number;
  readonly Transitions?: readonly { readonly StorageClass: string; readonly TransitionInDays: number }[];
}

/** The line of the bill of everything in the second Region. */
export const SECOND_REGION = 'Second Region';

const CLASS_PRICES: Readonly<Record<string, string>> = {
  STANDARD: 's3-standard',
  STANDARD_IA: 's3-infrequent',
  GLACIER_IR: 's3-glacier-instant',
};

/** Storage of one bucket at the lake's age, as its lifecycle rules keep and cool it. */
export function bucketStorage(bucket: Resource, usage: Usage): Charge[] {
  const { zone, content } = contentOf(bucket, usage);
  const rules = (bucket.properties.LifecycleConfiguration as { Rules?: readonly Rule[] } | undefined)?.Rules;
  const gb = new Map<string, number>();
  for (const { storageClass, nights, holdsFirst } of shelves(rules ?? [])) {
    const held = nights * content.nightly + (holdsFirst ? content.first : 0);
    gb.set(storageClass, (gb.get(storageClass) ?? 0) + held);
  }
  return [...gb].map(([storageClass, quantity]) => ({
    what: isOfSecondRegion(bucket.id, usage) ? SECOND_REGION : `S3: ${zone}`,
    price: CLASS_PRICES[storageClass] ?? storageClass,
    quantity,
  }));
}

/** How many nights' worth lies in each class of storage, from the warmest to the coldest. */
function shelves(rules: readonly Rule[]) {
  const { ageDays } = ASSUMED;
  const kept = Math.min(ageDays, ...rules.map((rule) => rule.ExpirationInDays ?? ageDays));
  const cooled = rules
    .flatMap((rule) => rule.Transitions ?? [])
    .filter(({ TransitionInDays: days }) => days < kept)
    .sort((a, b) => a.TransitionInDays - b.TransitionInDays);
  const steps = [{ StorageClass: 'STANDARD', TransitionInDays: 0 }, ...cooled];
  return steps.map(({ StorageClass: storageClass, TransitionInDays: from }, i) => {
    const until = steps[i + 1]?.TransitionInDays ?? kept;
    return { storageClass, nights: until - from, holdsFirst: i === steps.length - 1 };
  });
}

/** What a second Region holds while it stands by: copies, and nothing that works. */
export const isOfSecondRegion = (id: string, { settings: { recovery } }: Usage): boolean =>
  recovery !== undefined && id.startsWith(`${recovery.name}-storage/`);

function contentOf({ id }: Resource, usage: Usage): { zone: string; content: Content } {
  const { lmsGb, sisGb, stagedGb, curatedGb } = usage;
  const isCopy = isOfSecondRegion(id, usage);
  const contents: Readonly<Record<string, Content>> = {
    Raw: { first: lmsGb, nightly: lmsGb * ASSUMED.lmsChangesPerNight + sisGb },
    Staged: { first: isCopy ? 0 : stagedGb, nightly: 0 },
    Curated: { first: curatedGb, nightly: 0 },
    Records: { first: 0, nightly: (usage.callsPerNight * ASSUMED.logKbPerCall) / 1e6 },
    Results: { first: 0, nightly: isCopy ? 0 : ASSUMED.resultGbPerNight },
    Logs: { first: 0, nightly: isCopy ? 0 : ASSUMED.accessLogGbPerNight },
  };
  const zone = Object.keys(contents).find((name) => id.split('/')[1]!.startsWith(name));
  if (zone) return { zone: zone.toLowerCase(), content: contents[zone]! };
  throw new DeployError(`nobody has said what the bucket ${id} will hold`, {
    about: id,
    hint: 'Say it in lib/cost/bucket-storage.ts.',
  });
}
