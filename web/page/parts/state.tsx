import type { ComponentChildren } from 'preact';
import { AnswerError } from '../api.ts';

/** States by glyph, word and colour: no colour alone says anything, and unknown is never green. */
const STATES = {
  ok: ['●', 'ok'],
  good: ['●', 'good'],
  succeeded: ['●', 'succeeded'],
  passed: ['●', 'passed'],
  late: ['▲', 'late'],
  attention: ['▲', 'attention'],
  warned: ['▲', 'warned'],
  failed: ['■', 'failed'],
  bad: ['■', 'not good'],
  unknown: ['◌', 'unknown'],
  running: ['◐', 'running'],
  info: ['◐', 'under way'],
} as const;

type StateName = keyof typeof STATES;

/** @param name a state that is not known is shown as unknown */
export function State({ name, children }: { name: string; children?: ComponentChildren }) {
  const [glyph, word] = STATES[name as StateName] ?? STATES.unknown;
  return (
    <span class={`state state-${name in STATES ? name : 'unknown'}`}>
      <span aria-hidden="true">{glyph}</span> {children ?? word}
    </span>
  );
}

/** While something is read. Nothing is shown for the first moment, so that quick answers do not flicker. */
export const Waiting = () => <p class="waiting quiet">Reading …</p>;

/** What could not be read, why, and what to do. */
export function Failed({ error }: { error: unknown }) {
  const known = error instanceof AnswerError ? error : undefined;
  return (
    <div class="failed" role="alert">
      <p>
        <State name="failed">{known?.message ?? 'Something unforeseen went wrong on this page.'}</State>
      </p>
      {known?.hint ? <p>What to do: {known.hint}</p> : null}
    </div>
  );
}

/** Nothing is there: said, with what would change it. */
export const Empty = ({ children }: { children: ComponentChildren }) => <p class="empty">{children}</p>;
