import { useQueryClient } from '@tanstack/preact-query';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Acted, IncidentDetails } from '../../answers-trust.ts';
import { send } from '../api.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Failed } from '../parts/state.tsx';
import { MeContext } from '../parts/words.tsx';

type Proposal = IncidentDetails['proposals'][number];

/** What can be done by a click: each says what it will do, asks once more, and says what it did. */
export function Actions({
  details: { incident, proposals },
  path,
}: {
  details: IncidentDetails;
  path: string;
}) {
  const isAdministrator = useContext(MeContext)?.isAdministrator ?? false;
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [chosen, setChosen] = useState<Proposal>();
  const [done, setDone] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const status = useRef<HTMLParagraphElement>(null);
  const isOver = incident.state === 'resolved';
  // What was pressed is gone with the form: the keyboard goes on from what was done.
  useEffect(() => {
    if (isOver && done !== '') status.current?.focus();
  }, [isOver, done]);
  // What was done stays on the page though nothing is left to do.
  if (!isAdministrator || (isOver && done === '' && error === undefined)) return null;
  const work = async (what: string, body?: unknown): Promise<void> => {
    if (isBusy) return;
    setError(undefined);
    setDone('');
    setBusy(true);
    dialog.current?.close();
    try {
      const answer = await send<Acted>('POST', path.replace('/api/incident', `/api/incident/${what}`), body);
      const isRun = what === 'act' && answer.needsRun;
      setDone(
        what === 'act'
          ? `${answer.attempt ? `Done: ${answer.attempt.text}` : 'It was done before.'}${isRun ? ' The next run shows whether it helped; `lake run` begins one now.' : ''}`
          : what === 'acknowledge'
            ? 'Acknowledged.'
            : 'Resolved.',
      );
      void client.invalidateQueries();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section>
      <h2>Actions</h2>
      {proposals.map((proposal) => (
        <div key={proposal.repair} class="matter">
          <button
            type="button"
            disabled={isBusy}
            onClick={() => {
              setChosen(proposal);
              dialog.current?.showModal();
            }}
          >
            {proposal.title}
          </button>
          <p>{proposal.text}</p>
          {proposal.asks ? <p class="quiet">Needs your approval: {proposal.asks}.</p> : null}
        </div>
      ))}
      {isOver ? null : (
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            const how = event.currentTarget.elements.namedItem('how') as HTMLInputElement;
            void work('resolve', { how: how.value });
          }}
        >
          {incident.state === 'acknowledged' ? null : (
            <button type="button" disabled={isBusy} onClick={() => void work('acknowledge')}>
              Acknowledge
            </button>
          )}
          <label>
            Resolution <input name="how" required maxLength={500} />
          </label>
          <button type="submit" disabled={isBusy}>
            Resolve
          </button>
        </form>
      )}
      <p role="status" tabIndex={-1} ref={status}>
        {isBusy ? 'Working …' : done}
      </p>
      {error ? <Failed error={error} /> : null}
      <Confirm
        dialog={dialog}
        title={chosen?.title}
        yes="Do it"
        onYes={() => work('act', { repair: chosen?.repair, confirm: true })}
      >
        <p>{chosen?.about}</p>
        <p>{chosen?.text}</p>
        <p class="quiet">
          {chosen && chosen.tables.length > 0 ? `It changes ${chosen.tables.join(', ')}. ` : ''}It is put on
          record in ops.repairs, with your name.
        </p>
      </Confirm>
    </section>
  );
}
