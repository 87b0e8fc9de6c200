import type { Answer } from './answer.ts';
import { batchesOf, type Idioms } from './idiom.ts';

/** What an engine answers to each idiom, by name. Several expressions are asked for in one statement. */
export async function answersOf(
  idioms: Idioms,
  ask: (statement: string, names: readonly string[]) => Promise<Answer>,
): Promise<{ [name: string]: Answer }> {
  const answers: { [name: string]: Answer } = {};
  for (const { names, statement } of batchesOf(idioms)) {
    const { columns, rows } = await ask(statement, names).catch((error: Error) => {
      throw new Error(`${names.join(', ')}: ${error.message}`, { cause: error });
    });
    if (names.length === 1) answers[names[0]!] = { columns, rows };
    else {
      names.forEach((name, i) => {
        answers[name] = { columns: [['value', columns[i]![1]]], rows: rows.map((row) => [row[i]!]) };
      });
    }
  }
  return answers;
}
