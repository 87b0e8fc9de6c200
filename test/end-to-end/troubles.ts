import type { FaultName } from '../../src/simulators/canvas/faults/fault-kinds.ts';
import { Random } from '../../src/simulators/college/random.ts';
import type { NightRun } from './nights.ts';
import { DAY } from './small-campus.ts';

/** What goes wrong for one of the lakes, for how many nights. */
export interface Trouble {
  readonly what: string;
  readonly nights: number;
  /** A fault of Canvas, for as long as the night lasts. */
  readonly canvas?: { readonly what: FaultName; readonly table?: string };
  /** A table of the registrar that is not as it was. */
  readonly sis?: { readonly how: 'locked' | 'dropped' | 'emptied'; readonly table: string };
  /** The SIS does not answer. */
  readonly sisDown?: true;
  /** The catalog says `load: off`. */
  readonly off?: string;
  readonly run?: Omit<NightRun, 'at'>;
  /** A second run in the same night. */
  readonly twice?: true;
}

/** A trouble and the night in which it begins. */
export type Placed = Trouble & { readonly from: number };

/** The same for the same seed: which trouble in which nights; the last night has none. */
export function schedule(seed: number, nightsInAll: number): Placed[] {
  const random = new Random(seed, 'nights');
  const pick = <T>(list: readonly T[]): T => list[random.int(list.length)]!;
  const canvas = ['submissions', 'enrollments', 'scores', 'assignments', 'web_logs', 'courses', 'pseudonyms'];
  // Tables in which something happens every day, so that there is a file to break.
  const busy = ['submissions', 'enrollments', 'web_logs'];
  const sis = ['registrations', 'students', 'grades', 'advisors', 'persons', 'sections'];
  const ofCanvas = (what: FaultName, nights: number, table?: string): Trouble => ({
    what: `${what} ${table ?? ''}`,
    nights,
    canvas: { what, ...(table ? { table } : {}) },
  });
  const ofSis = (how: 'locked' | 'dropped' | 'emptied', table: string): Trouble => ({
    what: `registrar.${table} ${how}`,
    nights: 1,
    sis: { how, table },
  });
  const off = `canvas.${pick(['scores', 'web_logs', 'discussion_entries'])}`;
  const stopAfter = random.between(5, 40);
  const long: Trouble[] = [
    ofCanvas('table-not-found', random.between(3, 4), pick(canvas)),
    { what: 'the SIS is down', nights: 2, sisDown: true },
    { what: `${off} is switched off`, nights: 2, off },
  ];
  const short: Trouble[] = [
    ofCanvas('login-refused', 1),
    ofCanvas('job-fails', 1, pick(canvas)),
    ofCanvas('file-truncated', 1, pick(busy)),
    ofSis('locked', pick(sis)),
    ofSis('dropped', pick(sis)),
    ofSis('emptied', pick(sis)),
    { what: `stopped after ${stopAfter} events and continued`, nights: 1, run: { stopAfter } },
    { what: 'the clock of the lake is a day behind', nights: 1, run: { behind: DAY } },
    { what: 'two runs', nights: 1, twice: true },
  ];
  for (;;) {
    const nights = shuffled(
      Array.from({ length: nightsInAll - 1 }, (_, n) => n + 1),
      random,
    );
    const placed: Placed[] = [
      ...short.map((trouble, n) => ({ ...trouble, from: nights[n]! })),
      ...long.map((trouble) => ({ ...trouble, from: random.between(1, nightsInAll - trouble.nights) })),
    ];
    if (isTelling(placed)) return placed.sort((a, b) => a.from - b.from);
  }
}

/** Whether no trouble hides another, and no copy of the SIS is stamped by a wrong clock and then kept. */
function isTelling(placed: readonly Placed[]): boolean {
  const nightsOf = (is: (trouble: Placed) => unknown) =>
    placed.filter(is).flatMap(({ from, nights }) => Array.from({ length: nights }, (_, n) => from + n));
  const down = nightsOf(({ sisDown }) => sisDown);
  const login = nightsOf(({ canvas }) => canvas?.what === 'login-refused');
  const ofTables = nightsOf(({ canvas }) => canvas?.table);
  const sis = nightsOf((trouble) => trouble.sis);
  const behind = nightsOf(({ run }) => run?.behind);
  return (
    !down.some((night) => sis.includes(night)) &&
    !login.some((night) => ofTables.includes(night)) &&
    !behind.some((night) => [...down, ...sis].some((other) => other === night || other === night + 1))
  );
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
