import { createInterface } from 'node:readline';
import { wordsOf } from '../../../src/sql/words.ts';

/** What the interactive shell is given. */
export interface ShellHome {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Whether lines are edited; false where a test writes them. */
  readonly terminal: boolean;
  /** Earlier statements, the newest first. */
  readonly history: readonly string[];
  /** What Tab can complete. */
  readonly names: readonly string[];
  /** Runs one statement. @returns what is shown; never rejects */
  ask(sql: string, signal: AbortSignal): Promise<string>;
  /** Shows a text, by a pager where it is longer than the screen. */
  show(text: string): void;
  /** Keeps the history, the newest first. */
  keep(history: readonly string[]): void;
  /** Ends the process where a statement does not stop when it is asked to. */
  endNow(): void;
}

const HELP = `A statement ends with ; and may have several lines. Ctrl+C stops it, or forgets what has been typed.
  \\d            the tables               \\d TABLE    the columns of a table
  \\dt PATTERN   the tables of a name like PATTERN, where * stands for any letters
  \\df PATTERN   the functions of a name like PATTERN
  \\timing       show how long each statement takes, or not
  \\?            this help                \\q          leave, as Ctrl+D does
Tab completes names of tables, columns and functions.
`;

/** How long a statement has to stop after Ctrl+C. */
const GRACE_MS = 600;

/** Statements are typed, run and shown until somebody leaves. */
export function runShell(home: ShellHome): Promise<void> {
  const { input, output, terminal } = home;
  const history: string[] = [...home.history];
  const lines = createInterface({
    input,
    output,
    terminal,
    history: [...history],
    completer: (line: string) => completed(line, home.names),
    prompt: 'lake> ',
  });
  let typed = '';
  let timing = false;
  let running: AbortController | undefined;
  let work = Promise.resolve();

  let closed = false;
  const prompt = () => {
    if (closed) return;
    lines.setPrompt(typed === '' ? 'lake> ' : '  ... ');
    lines.prompt();
  };
  const ask = async (sql: string) => {
    running = new AbortController();
    const from = performance.now();
    const text = await home.ask(sql, running.signal);
    running = undefined;
    home.show(timing ? `${text}${Math.round(performance.now() - from)} ms\n` : text);
  };
  const command = async (line: string) => {
    const [name = '', argument = ''] = line.trim().replace(/;$/, '').split(/\s+/);
    const like = argument === '' ? '' : ` LIKE '${argument.replaceAll("'", "''")}'`;
    if (name === '\\q') lines.close();
    else if (name === '\\d') await ask(argument === '' ? 'SHOW TABLES' : `DESCRIBE ${argument}`);
    else if (name === '\\dt') await ask(`SHOW TABLES${like}`);
    else if (name === '\\df') await ask(`SHOW FUNCTIONS${like}`);
    else if (name === '\\timing') {
      timing = !timing;
      output.write(`Timing is ${timing ? 'on' : 'off'}.\n`);
    } else output.write(name === '\\?' ? HELP : `There is no command ${name}; \\? lists them.\n`);
  };
  const take = async (line: string) => {
    if (typed === '' && line.trim().startsWith('\\')) await command(line);
    else {
      typed += typed === '' ? line : `\n${line}`;
      if (wordsOf(typed).at(-1)?.text !== ';') return prompt();
      const sql = typed;
      typed = '';
      history.unshift(sql.replaceAll(/\s*\n\s*/g, ' '));
      home.keep(history);
      await ask(sql);
    }
    prompt();
  };

  output.write('Statements end with ; and \\? helps.\n');
  prompt();
  return new Promise((done) => {
    lines.on('line', (line) => {
      work = work.then(() => take(line));
    });
    lines.on('SIGINT', () => {
      if (running) {
        const stopped = running;
        stopped.abort();
        setTimeout(() => running === stopped && home.endNow(), GRACE_MS).unref();
        return;
      }
      typed = '';
      output.write('\n');
      prompt();
    });
    lines.on('close', () => {
      closed = true;
      void work.then(done);
    });
  });
}

/** The names that begin with the last word of a line, and that word. */
export function completed(line: string, names: readonly string[]): [string[], string] {
  const word = /[\w.$]*$/.exec(line)?.[0] ?? '';
  const found = word === '' ? [] : names.filter((name) => name.startsWith(word.toLowerCase()));
  return [found, word];
}
