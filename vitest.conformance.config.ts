import { defineConfig } from 'vitest/config';
import { passedBefore } from './test/conformance/passed.ts';

// `CONFORMANCE=changed` leaves out what passed on this machine with the same inputs.
const passed = process.env.CONFORMANCE === 'changed' ? passedBefore() : undefined;
for (const suite of passed?.suites ?? []) console.log(`${suite} passed before with the same inputs`);

/** Suites in which third-party programs give the expected answers. Each installs what it needs (`test/conformance/tools.ts`). */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    setupFiles: process.env.PROPERTY_SEED === undefined ? [] : ['test/property-seed.ts'],
    exclude: [...(passed?.suites ?? [])],
    reporters: ['default', ...(passed ? [passed.reporter] : [])],
    passWithNoTests: passed !== undefined,
    // Far above what any takes, so that a busy machine does not fail one.
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
