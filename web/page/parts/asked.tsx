import { keepPreviousData, useQuery } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import { read } from '../api.ts';
import { Failed, Waiting } from './state.tsx';

/** What the server answers to a path, kept until something new is published. */
export const useAnswer = <T,>(path: string, keepsBefore = false) =>
  useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => read<T>(path, signal),
    ...(keepsBefore ? { placeholderData: keepPreviousData } : {}),
  });

interface AskedProps<T> {
  readonly path: string;
  /** Whether the answer to the path before is shown until this one is there, as while one types. Default: no. */
  readonly keepsBefore?: boolean;
  readonly children: (answer: T) => ComponentChildren;
}

/** Shows what a path answers; until then that it is being read, or why it cannot be. */
export function Asked<T>({ path, keepsBefore, children }: AskedProps<T>) {
  const { data, error } = useAnswer<T>(path, keepsBefore);
  if (data !== undefined) return <>{children(data)}</>;
  return error ? <Failed error={error} /> : <Waiting />;
}
