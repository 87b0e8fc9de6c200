import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { nameOfUnexpected } from '../failure.ts';
import { systemError } from '../system-error.ts';
import { NotifyError } from './errors.ts';
import { type Message, textOf } from './message.ts';

/** Appends the message to a file, the newest last. @param root where a relative path starts */
export async function sendToFile(root: string, file: string, message: Message): Promise<void> {
  const place = path.resolve(root, file);
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await appendFile(place, `== ${message.subject} ==\n${textOf(message)}\n`);
  } catch (cause) {
    const found = systemError(cause)?.message ?? nameOfUnexpected(cause);
    throw new NotifyError(`The message could not be written to ${file}: ${found}`, {
      cause,
      hint: 'Check the path under notify in campus.yaml and who may write there.',
    });
  }
}
