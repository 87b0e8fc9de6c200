import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter } from 'vitest/node';
import { inputsIn } from './inputs.ts';
import { TOOLS } from './tools.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PASSED = path.join(TOOLS, 'passed');

export interface Passed {
  /** The suites that passed on this machine with the same inputs, relative to the root. */
  readonly suites: readonly string[];
  /** Keeps the digest of each suite that passes. */
  readonly reporter: Reporter;
}

/** What need not run again, by the digests of the suites' inputs as they are now. */
export function passedBefore(): Passed {
  const inputs = inputsIn(ROOT);
  const suites = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join('test/conformance', file));
  const records = new Map(suites.map((suite) => [suite, path.join(PASSED, inputs.digest(suite))]));
  return {
    suites: suites.filter((suite) => existsSync(records.get(suite) ?? '')),
    reporter: {
      onTestModuleEnd: (module) => {
        const suite = path.relative(ROOT, module.moduleId);
        const record = records.get(suite);
        if (!record || module.state() !== 'passed') return;
        mkdirSync(PASSED, { recursive: true });
        writeFileSync(record, suite);
      },
    },
  };
}
