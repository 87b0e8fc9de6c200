import { defineConfig } from 'vitest/config';

/** The slow suites: many kills, every fault, a year of days, the real college. */
export default defineConfig({
  test: {
    // Hours of work show what is done.
    reporters: ['verbose'],
    include: ['test/long/**/*.test.ts'],
    setupFiles: process.env.PROPERTY_SEED === undefined ? [] : ['test/property-seed.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 10 * 60_000,
    fileParallelism: false,
  },
});
