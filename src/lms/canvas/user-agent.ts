import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

/** Canvas answers 403 to a request without a proper `User-Agent` (since July 2026). */
export const USER_AGENT = `campus-lake/${version}`;
