import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorText, exitCodeOf, runCommand } from '../../bin/commands/common.ts';
import { DEBUG_LOG } from '../../src/debug-log.ts';
import { InputError, LakeError } from '../../src/errors.ts';

const paint = pc.createColors(false);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lake-command-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  delete process.env[DEBUG_LOG];
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

describe('an error at the end of a command', () => {
  it('of the operating system is said in words, with the path, what to do, and no trace', async () => {
    await writeFile(join(folder, 'lake'), '');
    const error: unknown = await readFile(join(folder, 'lake', 'ops')).catch((e: unknown) => e);

    const text = errorText(error, paint);

    expect(text).toMatch(
      /^error: .*lake\/ops cannot be used: a part of the path is a file .*\(ENOTDIR\)\.\nnext: /,
    );
    expect(text).not.toMatch(/ {4}at |unexpected/);
    expect(exitCodeOf(error)).toBe(2);
  });

  it('of a package that is not installed names it, and how to get it', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const code = 'ERR_MODULE_NOT_FOUND';
    const thrown = new Error("Cannot find package 'aws-cdk-lib' imported from /home/anna/lib/x.ts");

    await runCommand(async (): Promise<void> => {
      throw Object.assign(thrown, { code });
    });

    const text = said.mock.calls.map(([line]) => line).join('');
    expect(text).toMatch(/The package aws-cdk-lib is not installed\.\n.*npm ci/);
    expect(text).not.toContain('anna');
    expect(process.exitCode).toBe(2);
  });

  it('that is a defect names its class and where the rest can be had, and no word of it', () => {
    const text = errorText(new TypeError("Cannot read properties of D'Angelo"), paint);

    expect(text).toMatch(/An unexpected error of class TypeError\.\nnext: .*LAKE_DEBUG_LOG/);
    expect(text).not.toContain('Angelo');
  });

  it('shows the causes that are the lake’s, down to the first that is not', () => {
    const inner = new LakeError('inner', { cause: new Error("D'Angelo") });

    expect(errorText(new InputError('outer', { hint: 'Look.', cause: inner }), paint)).toBe(
      'error: outer\n  because: inner\nnext: Look.',
    );
  });

  it('is JSON with its code, place and hint where JSON was asked for', async () => {
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    process.env[DEBUG_LOG] = join(folder, 'debug.log');

    await runCommand(
      async () => {
        throw new LakeError('It broke', { file: 'models/a.sql', line: 3, cause: new Error("D'Angelo") });
      },
      { json: true },
    );

    expect(JSON.parse(written.join(''))).toEqual({
      error: {
        name: 'LakeError',
        code: 'lake',
        message: 'It broke',
        retryable: false,
        file: 'models/a.sql',
        line: 3,
      },
    });
    expect(await readFile(join(folder, 'debug.log'), 'utf8')).toContain("D'Angelo");
  });
});
