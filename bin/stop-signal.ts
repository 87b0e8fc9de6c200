import { LakeError } from '../src/errors.ts';

/** Somebody stopped the command. */
export class StoppedError extends LakeError {
  /** As a shell tells of a program that a signal has ended: 128 and the signal's number. */
  override readonly exitCode: number;
  readonly signal: 'SIGINT' | 'SIGTERM';

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(signal === 'SIGINT' ? 'Stopped by Ctrl+C.' : 'Stopped by SIGTERM.');
    this.signal = signal;
    this.exitCode = signal === 'SIGINT' ? 130 : 143;
  }
}

/** Aborted at the first Ctrl+C (or SIGTERM), so that work can end in order; a second Ctrl+C ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new StoppedError(name));
      process.once(name, () => process.exit(new StoppedError(name).exitCode));
    });
  }
  return controller.signal;
}
