import { Listr } from 'listr2';
import { toStderr } from './display.ts';

/** Says how far the work is, such as `week 3 of 16`. */
export type Tell = (howFar: string) => void;

/**
 * Shows on a terminal that something is being done and how far it is, until the work has ended. Elsewhere, and where
 * a script asked for JSON, nothing. Work that keeps the processor must let go of it now and then to be shown.
 */
export async function whileWorking<T>(
  title: string,
  { silent = false }: { readonly silent?: boolean },
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  if (silent || !process.stderr.isTTY) return work(() => {});
  let result: T;
  const list = new Listr(
    [
      {
        title,
        task: async (_context, task) => {
          result = await work((howFar) => {
            task.title = `${title} — ${howFar}`;
          });
        },
      },
    ],
    {
      registerSignalListeners: false,
      rendererOptions: { clearOutput: true, showErrorMessage: false, logger: toStderr() },
    },
  );
  await list.run();
  return result!;
}
