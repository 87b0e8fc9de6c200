import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const start = (script: string, args: readonly (string | number)[]): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );

/** Runs a script to its end. @returns the JSON that it says */
export async function measure<T>(script: string, ...args: (string | number)[]): Promise<T> {
  const child = start(script, args);
  let said = '';
  child.stdout!.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return JSON.parse(said) as T;
}

/** Starts a script that serves; it says one line when it is ready, and ends when its stdin does. */
export async function serve(
  script: string,
  ...args: (string | number)[]
): Promise<{ said: string; tell(line: string): Promise<string>; stop(): Promise<void> }> {
  const child = start(script, args);
  const [line] = await once(child.stdout!, 'data');
  return {
    said: String(line).trim(),
    async tell(order) {
      child.stdin!.write(`${order}\n`);
      const [answer] = await once(child.stdout!, 'data');
      return String(answer).trim();
    },
    async stop() {
      const ended = once(child, 'close');
      child.stdin!.end();
      await ended;
    },
  };
}
