import type { About, Analyser, Analysis } from '../analysis.ts';
import type { Facts } from '../facts.ts';
import { changes } from './changes.ts';
import { checks } from './checks.ts';
import { clocks } from './clocks.ts';
import { failures } from './failures.ts';
import { freshness } from './freshness.ts';
import { incidents } from './incidents.ts';
import { promises } from './promises.ts';
import { runs } from './runs.ts';
import { volumes } from './volumes.ts';
import { work } from './work.ts';

/** In the order in which an answer lists them. */
const ANALYSERS: readonly Analyser[] = [
  incidents,
  runs,
  failures,
  clocks,
  changes,
  volumes,
  checks,
  work,
  freshness,
  promises,
];

export const analyse = (facts: Facts, about: About): Analysis[] =>
  ANALYSERS.map((analyser) => analyser.run(facts, about));
