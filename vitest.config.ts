import { defineConfig } from 'vitest/config';

/** The fast suite: Node and what `npm ci` installs, nothing else. Slow suites have configurations of their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/long/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
