import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEBUG_LOG, debugLog } from '../src/debug-log.ts';
import { codeOfClass, InputError, LakeError } from '../src/errors.ts';
import { failureOf } from '../src/failure.ts';
import { systemError } from '../src/system-error.ts';

class TableLockedError extends LakeError {
  protected override get passing(): boolean {
    return true;
  }
}

const driver = (message: string, more: object = {}) => Object.assign(new Error(message), more);

describe('codeOfClass', () => {
  it.each([
    ['LmsServerError', 'lms-server'],
    ['SQLTextError', 'sql-text'],
    ['StatementFailed', 'statement-failed'],
    ['RawDataError2', 'raw-data'],
    ['NoDataYetError', 'no-data-yet'],
  ])('%s is %s', (name, code) => expect(codeOfClass(name)).toBe(code));
});

describe('failureOf', () => {
  it('keeps what the error of the lake says, as fields', () => {
    const error = new TableLockedError('canvas.users is locked', {
      hint: 'Wait.',
      file: 'models/a.sql',
      line: 3,
      column: 7,
      cause: new LakeError('a lock is held'),
    });

    const failure = failureOf(error, { item: 'canvas.users', sources: ['canvas', 'sis'] });

    expect(failure).toEqual({
      code: 'table-locked',
      class: 'TableLockedError',
      about: 'canvas.users',
      source: 'canvas',
      retryable: true,
      reach: 'item',
      message: 'canvas.users is locked. Cause: a lock is held.',
      hint: 'Wait.',
      file: 'models/a.sql',
      line: 3,
      column: 7,
    });
  });

  it('takes no word of a cause that is not the lake’s, however deep', () => {
    const deep = new LakeError('outer', {
      cause: new LakeError('inner', {
        cause: driver("O'Brien", { cause: new LakeError('below a driver') }),
      }),
    });

    expect(failureOf(deep).message).toBe('outer. Cause: inner.');
  });

  it('names an unexpected error by class, code and step alone', () => {
    class DatabaseError extends Error {}
    const error = Object.assign(new DatabaseError("Key (name)=(D'Angelo) exists"), {
      code: '23505',
      detail: "D'Angelo",
    });

    const failure = failureOf(error, { step: 'stage', item: 'canvas.users' });

    expect(failure).toMatchObject({
      code: 'unexpected',
      class: 'DatabaseError',
      message: 'An unexpected error of class DatabaseError 23505 in step stage.',
    });
    expect(JSON.stringify(failure)).not.toContain('Angelo');
  });

  it.each([
    ['a text', "D'Angelo"],
    ['an object', { message: "D'Angelo" }],
    ['a name that was set', driver("D'Angelo", { name: "D'Angelo" })],
    ['a code that is none', driver("D'Angelo", { code: "D'Angelo" })],
    ['a borrowed system code', driver("D'Angelo", { code: 'ENOSPC', path: "D'Angelo" })],
  ])('takes nothing from %s', (_, thrown) => {
    expect(JSON.stringify(failureOf(thrown, { step: 'x' }))).not.toContain('Angelo');
  });

  it('bounds what one failure may say', () => {
    expect(failureOf(new LakeError('x'.repeat(1e6))).message.length).toBeLessThan(2_100);
  });
});

describe('systemError', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lake-system-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('says what the system refused, with the path, and what to do', async () => {
    await writeFile(path.join(folder, 'a'), '');
    const notFolder = await readFile(path.join(folder, 'a', 'b')).catch((e: unknown) => systemError(e));
    const isFolder = await readFile(folder).catch((e: unknown) => systemError(e));

    expect(notFolder).toMatchObject({ code: 'not-a-folder', exitCode: 2 });
    expect(String(notFolder)).toContain(path.join(folder, 'a', 'b'));
    expect(isFolder).toMatchObject({ code: 'is-a-folder', exitCode: 2, hint: expect.any(String) });
  });

  it('says which port is taken', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => first.once('listening', done));
    const { port } = first.address() as { port: number };
    const error = await new Promise((done) => createServer().once('error', done).listen(port, '127.0.0.1'));
    first.close();

    expect(systemError(error)).toMatchObject({ code: 'port-in-use' });
    expect(systemError(error)?.message).toContain(`127.0.0.1:${port}`);
  });

  it.each([
    'EACCES',
    'EPERM',
    'EROFS',
    'ENOSPC',
    'EDQUOT',
    'EMFILE',
    'ENFILE',
    'ELOOP',
    'EIO',
    'ENAMETOOLONG',
    'EBUSY',
  ])('has words for %s', (code) => {
    const error = systemError(driver(`${code}: secret words`, { code, syscall: 'open', path: '/lake/x' }));

    expect(error?.message).toMatch(new RegExp(`^/lake/x .* \\(${code}\\)\\.$`));
    expect(error?.hint).toMatch(/\.$/);
    expect(error?.message).not.toContain('secret');
  });

  it('leaves other errors alone', () => {
    expect(systemError(new TypeError('x'))).toBeUndefined();
    expect(systemError(driver('x', { code: 'ENOSPC' }))).toBeUndefined();
  });
});

describe('debugLog', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'lake-debug-'));
  });
  afterEach(async () => {
    delete process.env[DEBUG_LOG];
    await rm(folder, { recursive: true });
  });

  it('is off unless it is asked for', async () => {
    debugLog('r1 main/stage', driver("D'Angelo"));

    await expect(stat(path.join(folder, 'debug.log'))).rejects.toThrow();
  });

  it('holds the error with its causes, for its owner alone, even where the file was open to all', async () => {
    const file = path.join(folder, 'debug.log');
    await writeFile(file, 'before\n', { mode: 0o644 });
    process.env[DEBUG_LOG] = file;

    debugLog('r1 main/stage', new LakeError('outer', { cause: driver("D'Angelo") }));

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(
      /^before\n.* r1 main\/stage\nLakeError: outer[\s\S]*D'Angelo/,
    );
  });

  it('never stops the work', () => {
    process.env[DEBUG_LOG] = path.join(folder, 'missing', 'debug.log');

    expect(() => debugLog('x', new InputError('y'))).not.toThrow();
  });
});
