import { LakeError } from '../../../src/errors.ts';
import { StoppedError, stopSignal } from '../../stop-signal.ts';
import { errorReport, exitCodeOf } from '../common.ts';

/** A statement was not done within `--timeout`. */
export class QueryTimeoutError extends LakeError {
  constructor(seconds: number) {
    super(`The statement was stopped after ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`, {
      hint: 'ask for fewer rows or columns, look at EXPLAIN, or give a longer --timeout',
    });
  }
}

/** How long the engine has to stop by itself: someone who has pressed Ctrl+C waits for it, a time limit does not. */
const GRACE_MS = { stopped: 600, limit: 3_000 };

export interface StopOptions {
  /** Default: no limit. */
  readonly seconds?: number;
  /** Whether the error is printed as JSON where the process has to be ended here. */
  readonly json?: boolean;
}

/**
 * Does work that Ctrl+C, SIGTERM or a time limit ends. An engine looks at its signal between two batches of rows, and
 * within a function that makes one enormous value it does not look at all: then the process ends, which loses nothing,
 * since a question writes nothing that others see.
 */
export async function untilStopped<T>(
  options: StopOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopped = stopSignal();
  const limit = new AbortController();
  const timer =
    options.seconds === undefined
      ? undefined
      : setTimeout(() => limit.abort(new QueryTimeoutError(options.seconds!)), options.seconds * 1000);
  const signal = AbortSignal.any([stopped, limit.signal]);
  let grace: NodeJS.Timeout | undefined;
  const whenStopped = () => {
    const ms = stopped.aborted ? GRACE_MS.stopped : GRACE_MS.limit;
    grace = setTimeout(() => endNow(signal.reason, options), ms);
  };
  signal.addEventListener('abort', whenStopped, { once: true });
  try {
    return await work(signal);
  } catch (error) {
    // Whatever an engine says of being stopped, this is why.
    throw signal.aborted ? signal.reason : error;
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal.removeEventListener('abort', whenStopped);
  }
}

/** Ends the process though threads of the engine are at work; an orderly exit would wait for them. */
function endNow(reason: unknown, options: StopOptions): void {
  process.stderr.write(`${errorReport(reason, options)}\n`, () => {
    const isLimit = !(reason instanceof StoppedError);
    // Node 22.15 and later can become another program, and so end with any code while threads are at work.
    const { execve } = process as { execve?: (file: string, args: string[], env: object) => void };
    if (isLimit && execve && process.platform !== 'win32') {
      execve('/bin/sh', ['sh', '-c', `exit ${exitCodeOf(reason)}`], {});
    }
    // Without a listener the signal ends the process, as the shell that waits for it expects.
    const name = isLimit ? 'SIGTERM' : reason.signal;
    process.removeAllListeners(name);
    process.kill(process.pid, name);
  });
}

/** Seconds of `--timeout`: `90`, `90s`, `5m`, `1h`; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(text) ?? [];
  const seconds = Number(number) * { s: 1, m: 60, h: 3600 }[unit as 's' | 'm' | 'h'];
  return seconds > 0 && seconds <= 86_400 ? seconds : undefined;
}
