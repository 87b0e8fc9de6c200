import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { didYouMean } from '../../../src/campus/nearest.ts';
import { InputError, LakeError } from '../../../src/errors.ts';
import type { Format } from './formats.ts';

/** The format that a file's name asks for. */
const EXTENSIONS: Readonly<Record<string, Format>> = {
  '.parquet': 'parquet',
  '.csv': 'csv',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
};

export interface OutputFile {
  /** As it was given. */
  readonly name: string;
  readonly path: string;
  readonly format: Format;
}

/**
 * The file that rows are written to, and its format: what its name says, or `--format` where the name says nothing.
 * @throws InputError where the two differ, where neither says it, and where no file can be made at that place
 */
export async function outputFile(name: string, asked: Format | undefined): Promise<OutputFile> {
  const extension = path.extname(name).toLowerCase();
  const named = EXTENSIONS[extension];
  const known = Object.keys(EXTENSIONS);
  if (asked !== undefined && named !== undefined && asked !== named) {
    throw new InputError(`--output ${name} is the name of a ${named} file, and --format says ${asked}.`, {
      hint: `Leave --format out, or name the file ${path.basename(name, extension)}.${asked === 'table' ? 'txt' : asked}.`,
    });
  }
  const format = named ?? asked;
  if (format === undefined) {
    throw new InputError(
      `--output ${name} does not say in which format${extension === '' ? '' : didYouMean(extension, known)}.`,
      { hint: `End the name with one of ${known.join(', ')}, or give --format.` },
    );
  }
  const target = path.resolve(name);
  await refuseImpossible(name, target);
  return { name, path: target, format };
}

async function refuseImpossible(name: string, target: string): Promise<void> {
  const folder = path.dirname(target);
  const found = await stat(folder).catch((cause) => {
    throw fileError(name, cause);
  });
  if (!found.isDirectory()) throw fileError(name, { code: 'ENOTDIR' });
  const there = await stat(target).catch(() => undefined);
  if (there?.isDirectory()) throw fileError(name, { code: 'EISDIR' });
}

/**
 * Writes a text file whole or not at all: what `work` writes goes to a draft, which takes the name at the end.
 * @throws LakeError in words where the operating system refuses
 */
export async function writeTextFile<T>(
  file: OutputFile,
  work: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const draft = `${file.path}.part`;
  const stream = createWriteStream(draft);
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => undefined);
  try {
    const result = await work((text) => {
      const written = new Promise<void>((done, fail) =>
        stream.write(text, (error) => (error ? fail(error) : done())),
      );
      return Promise.race([written, failed]);
    });
    stream.end();
    await finished(stream);
    await rename(draft, file.path);
    return result;
  } catch (error) {
    stream.destroy();
    await rm(draft, { force: true }).catch(() => undefined);
    throw inWords(file, error);
  }
}

/** An error of the operating system about the file, in words; any other as it is. */
export function inWords(file: OutputFile, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined ? fileError(file.name, error) : error;
}

const REASONS: Readonly<Record<string, readonly [found: string, hint: string]>> = {
  ENOENT: ['its folder does not exist', 'Make the folder first, or name another.'],
  ENOTDIR: ['what should be its folder is a file', 'Name a file in a folder.'],
  EISDIR: ['that is a folder', 'Name a file in it.'],
  EACCES: ['this user may not write there', 'Choose a folder of yours, or change its permissions.'],
  EPERM: ['this user may not write there', 'Choose a folder of yours, or change its permissions.'],
  EROFS: ['the file system is read-only', 'Choose another folder.'],
  ENAMETOOLONG: ['the name is too long', 'Choose a shorter name.'],
  ELOOP: ['links there lead back to themselves', 'Name the real folder.'],
};

/** What a person corrects ends with 2; a full disk or a fault of it is no wrong input. */
function fileError(name: string, cause: unknown): LakeError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  const [found, hint] = REASONS[code] ?? [];
  if (found) return new InputError(`${name} cannot be written: ${found}.`, { hint, cause });
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new LakeError(
    `${name} could not be written: ${full ? 'the disk is full' : `the system says ${code}`}.`,
    {
      hint: full ? 'Free some space, or choose another disk. Nothing of the file was kept.' : undefined,
      cause,
    },
  );
}
