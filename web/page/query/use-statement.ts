import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../answers.ts';
import { AnswerError, read, send } from '../api.ts';

/** What has become of the statement that was run last. */
export interface Statement {
  readonly sql?: string;
  readonly answer?: Answer;
  readonly error?: AnswerError;
  /** Its first rows are not there yet. */
  readonly isAsked: boolean;
}

/** A statement under way: aborted when nobody waits for it any more. */
interface Asked {
  readonly left: AbortController;
  id?: string;
}

const POLL_MS = 400;

/** Runs statements, one at a time: a new one, leaving the view or stopping ends the one before. */
export function useStatement(): {
  readonly statement: Statement;
  run(sql: string): void;
  stop(): void;
} {
  const [statement, set] = useState<Statement>({ isAsked: false });
  const current = useRef<Asked | undefined>(undefined);

  const end = useCallback(() => {
    const { left, id } = current.current ?? {};
    current.current = undefined;
    left?.abort();
    // Also when the page is closed: what nobody can see any more is not computed on.
    if (id !== undefined)
      void fetch(`/api/answers/${id}`, { method: 'DELETE', keepalive: true }).catch(() => {});
  }, []);

  const follow = useCallback(async (sql: string, mine: Asked) => {
    const { signal } = mine.left;
    try {
      let answer = await send<Answer>('POST', '/api/answers', { sql }, signal);
      mine.id = answer.id;
      set({ sql, answer, isAsked: false });
      while (!answer.isDone) {
        await new Promise((done) => setTimeout(done, POLL_MS));
        if (signal.aborted) return;
        answer = await read<Answer>(`/api/answers/${answer.id}`, signal);
        set({ sql, answer, isAsked: false });
      }
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof AnswerError ? error : undefined;
      set({
        sql,
        isAsked: false,
        error: known ?? new AnswerError({ code: 'page', message: 'The page could not read the answer.' }),
      });
    }
  }, []);

  const run = useCallback(
    (sql: string) => {
      end();
      const mine: Asked = { left: new AbortController() };
      current.current = mine;
      set({ sql, isAsked: true });
      void follow(sql, mine);
    },
    [end, follow],
  );
  const stop = useCallback(() => {
    end();
    set({
      isAsked: false,
      error: new AnswerError({ code: 'stopped', message: 'The statement was stopped.' }),
    });
  }, [end]);

  useEffect(() => {
    addEventListener('pagehide', end);
    return () => {
      removeEventListener('pagehide', end);
      end();
    };
  }, [end]);
  return { statement, run, stop };
}
