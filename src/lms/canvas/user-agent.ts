import project from '../../../package.json' with { type: 'json' };

/** Canvas answers 403 to a request without a proper `User-Agent` (since July 2026). */
export const USER_AGENT = `campus-lake/${project.version}`;
