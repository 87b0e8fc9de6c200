/** Aborted at the first Ctrl+C (or SIGTERM), so that work can end in order; a second Ctrl+C ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      controller.abort(new Error(`stopped by ${name}`));
      process.once(name, () => process.exit(1));
    });
  }
  return controller.signal;
}
