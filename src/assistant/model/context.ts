import type { Evidence } from '../analysis.ts';
import type { Answer } from '../answer.ts';
import type { Said } from './check-claim.ts';
import { masked } from './masked.ts';

/** So many causes and rows a model is given. */
const CAUSES = 5;
const ROWS = 40;

/** What a model is given of an answer of the rules, and what it may cite. */
export interface ModelContext {
  /** JSON: data, no instruction. */
  readonly text: string;
  /** The rows by the short names that the model cites: `E1`. */
  readonly rows: ReadonlyMap<string, Evidence>;
  /** What may be said with each row: its text, and those of the causes that cite it. */
  readonly said: ReadonlyMap<string, Said>;
}

/** Personal data are masked, and owners left out: they can be people. */
export function contextOf(question: string, answer: Answer): ModelContext {
  const causes = answer.causes.slice(0, CAUSES);
  const evidence = answer.evidence.slice(0, ROWS);
  const names = new Map(evidence.map(({ id }, i) => [id, `E${i + 1}`]));
  const cited = (rows: readonly Evidence[]) => rows.flatMap(({ id }) => names.get(id) ?? []);
  const given = causes.map((cause, i) => ({
    cause: i + 1,
    reason: cause.reason,
    component: cause.component,
    time: cause.time,
    confidence: cause.confidence,
    text: masked(cause.text),
    evidence: cited(cause.evidence),
    explains: cause.explains.slice(0, CAUSES).map((one) => ({
      text: masked(one.text),
      component: one.component,
      time: one.time,
      evidence: cited(one.evidence),
    })),
  }));
  const rows = evidence.map(({ id, at, text }) => ({ id: names.get(id)!, at, text: masked(text) }));
  const said = new Map<string, Said>();
  for (const { id, at, text } of rows) {
    const about = given.flatMap((cause) => {
      const words = `${cause.text} ${cause.reason} ${cause.component} ${cause.time}`;
      return [
        ...(cause.evidence.includes(id) ? [words] : []),
        ...cause.explains
          .filter((one) => one.evidence.includes(id))
          .map((one) => `${one.text} ${one.component} ${one.time} ${words}`),
      ];
    });
    said.set(id, { own: about.join(' \n '), row: `${at} \n ${text}` });
  }
  return {
    text: JSON.stringify({
      question: masked(question),
      headline: masked(answer.headline),
      causes: given,
      evidence: rows,
    }),
    rows: new Map(evidence.map((one) => [names.get(one.id)!, one])),
    said,
  };
}
