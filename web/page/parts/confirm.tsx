import type { ComponentChildren, RefObject } from 'preact';
import { useId } from 'preact/hooks';

/** Asks once more before something is done. `showModal()` of the dialog opens it; `onYes` closes it. */
export function Confirm({
  dialog,
  title,
  yes,
  onYes,
  children,
}: {
  dialog: RefObject<HTMLDialogElement>;
  title: string | undefined;
  /** What the button says that does it. */
  yes: string;
  onYes: () => Promise<void>;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <dialog ref={dialog} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
      <div class="actions">
        <button type="button" class="main" onClick={() => void onYes()}>
          {yes}
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Leave it
        </button>
      </div>
    </dialog>
  );
}
