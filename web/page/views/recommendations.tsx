import { useQueryClient } from '@tanstack/preact-query';
import { useContext, useRef, useState } from 'preact/hooks';
import type { AcceptedChange, Changes } from '../../answers-deeds.ts';
import { send } from '../api.ts';
import { Asked } from '../parts/asked.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Empty, Failed } from '../parts/state.tsx';
import { counted, duration, MeContext } from '../parts/words.tsx';

type Change = Changes['changes'][number];

const savingOf = ({ unit, amount }: Change['saving']): string =>
  `${unit === 'dollars' ? `$${amount.toFixed(2)}` : duration(amount)} in 30 days`;

/** What would make the work cheaper; the administrator accepts a change of campus.yaml that is shown line by line. */
export function Recommendations() {
  const isAdministrator = useContext(MeContext)?.isAdministrator ?? false;
  if (!isAdministrator) return null;
  return (
    <section>
      <h2>What would make it cheaper</h2>
      <Asked<Changes> path="/api/recommendations">{(changes) => <List {...changes} />}</Asked>
    </section>
  );
}

function List({ seen, changes }: Changes) {
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState<Change>();
  const [said, setSaid] = useState('');
  const [error, setError] = useState<unknown>();
  const accept = async (): Promise<void> => {
    dialog.current?.close();
    setError(undefined);
    setSaid('');
    try {
      const path = `/api/recommendations/accept?id=${encodeURIComponent(chosen!.id)}`;
      const { setting, before, after } = await send<AcceptedChange>('POST', path, { seen });
      setSaid(`campus.yaml: ${setting} is ${after} now; it was ${before}. On AWS, deploy it.`);
    } catch (thrown) {
      setError(thrown);
    } finally {
      void client.invalidateQueries();
    }
  };
  return (
    <>
      {changes.length === 0 ? (
        <Empty>
          Nothing. A rule speaks after ten runs, and only where later runs would have borne it out.
        </Empty>
      ) : null}
      <ul class="matters">
        {changes.map((change) => (
          <li key={change.id}>
            <h3>{change.job}</h3>
            <p>{change.finding}</p>
            <p>{change.advice}</p>
            <p class="quiet">
              Would save {savingOf(change.saving)}, estimated. It held in {change.held} of{' '}
              {counted(change.laterRuns, 'later run')}.
            </p>
            {change.diff ? (
              <button
                type="button"
                onClick={() => {
                  setChosen(change);
                  dialog.current?.showModal();
                }}
              >
                Show the change for {change.job}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <p role="status">{said}</p>
      {error ? <Failed error={error} /> : null}
      <Confirm dialog={dialog} title="Change campus.yaml" yes="Write it" onYes={accept}>
        <p>{chosen?.advice}</p>
        <pre>
          {(chosen?.diff ?? []).map(({ sign, text }, i) => (
            <span key={i} class={sign === ' ' ? 'quiet' : undefined}>
              {sign} {text}
              {'\n'}
            </span>
          ))}
        </pre>
        <p class="quiet">
          Nothing else of the file changes. Your name is put on record in ops.job_decisions.
        </p>
      </Confirm>
    </>
  );
}
