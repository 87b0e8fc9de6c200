import { defineConfig } from 'vitest/config';

/** Suites in which programs from elsewhere are the judges. Each installs what it needs into `.conformance/`. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    // Far above what any takes: a busy machine must not fail one.
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
  },
});
