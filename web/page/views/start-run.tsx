import { useQueryClient } from '@tanstack/preact-query';
import { useContext, useRef, useState } from 'preact/hooks';
import type { Begun } from '../../answers-deeds.ts';
import { send } from '../api.ts';
import { Confirm } from '../parts/confirm.tsx';
import { Failed } from '../parts/state.tsx';
import { MeContext } from '../parts/words.tsx';

/** Begins a run by a click: it says what it will do, and asks once more. */
export function StartRun() {
  const isAdministrator = useContext(MeContext)?.isAdministrator ?? false;
  const client = useQueryClient();
  const dialog = useRef<HTMLDialogElement>(null);
  const [said, setSaid] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  if (!isAdministrator) return null;
  const start = async (): Promise<void> => {
    dialog.current?.close();
    setError(undefined);
    setSaid('Beginning a run …');
    setBusy(true);
    try {
      await send<Begun>('POST', '/api/runs/start', { confirm: true });
      setSaid('The run has begun. The list below follows it.');
      void client.invalidateQueries();
    } catch (thrown) {
      setSaid('');
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label="Start a run">
      <button type="button" disabled={isBusy} onClick={() => dialog.current?.showModal()}>
        Start a run
      </button>
      <p role="status">{said}</p>
      {error ? <Failed error={error} /> : null}
      <Confirm dialog={dialog} title="Start a run" yes="Start it" onYes={start}>
        <p>
          It loads what is new from every source, checks it, builds the models, publishes and loads the
          warehouse, as <code>lake run</code> does. People see the present tables until it is done. It goes on
          when the workbench ends.
        </p>
      </Confirm>
    </section>
  );
}
