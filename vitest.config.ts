import { defineConfig } from 'vitest/config';

/** The fast suite: Node and what `npm ci` installs, nothing else. Slow suites have configurations of their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: process.env.PROPERTY_SEED === undefined ? [] : ['test/property-seed.ts'],
    exclude: ['test/conformance/**', 'test/long/**'],
    // One for each core: much of the time is spent waiting for servers and disks.
    maxWorkers: '100%',
    // Room for young objects and a heap that need not grow step by step: collecting garbage took a fifth of the time.
    execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64', '--initial-old-space-size=600'],
    // Files share what they import: loading it anew for each took a quarter of the time.
    isolate: false,
    // Far above what any test takes: a busy machine must not fail one.
    testTimeout: 120_000,
    hookTimeout: 180_000,
    coverage: {
      include: ['src/**', 'lib/**', 'lambda/**'],
      // Adapters of AWS and of a database's log: the conformance and the long suites run them on what they talk to.
      exclude: ['src/platform/aws/**', 'src/platform/local/replication/**'],
      reporter: ['text-summary', 'html'],
      // What the fast tests reach in their own process (81 % of lines, 74 % of branches): programs that they start (bin,
      // the simulators' servers) and the slow suites are not seen.
      thresholds: { lines: 80, branches: 73 },
    },
  },
});
