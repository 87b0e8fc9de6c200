import { defineConfig } from 'vitest/config';

/** Suites in which programs from elsewhere are the judges. Each installs what it needs into `.conformance/`. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
