/** Names of failures that Lambda gives by itself, and not the code of a function. */
const OF_LAMBDA = /^(Runtime|Sandbox|Lambda|Extension|Function|Init)\./;
/** What Lambda says of those, as far as it holds no word of an error. */
const SAYS = /Task timed out after [\d.]+ seconds|signal: \w+|exit status \d+/;

/**
 * What Step Functions says of a failure, in words that hold no data. A function of the lake throws its own words only
 * (lambda/errors.ts), so these are kept; what Lambda itself reports can repeat an error that nobody caught, and a
 * failed state can repeat its input: of those the name is kept, and the few sentences that are known.
 */
export function executionCause(name: string, cause: string): string {
  let parsed: { errorType?: unknown; errorMessage?: unknown };
  try {
    parsed = JSON.parse(cause) as typeof parsed;
  } catch {
    return name;
  }
  if (parsed === null || typeof parsed !== 'object' || typeof parsed.errorMessage !== 'string') return name;
  const { errorType, errorMessage } = parsed;
  if (OF_LAMBDA.test(name) || OF_LAMBDA.test(String(errorType))) {
    const said = SAYS.exec(errorMessage)?.[0];
    return said === undefined ? name : `${name}: ${said}`;
  }
  return `${name}: ${errorMessage.slice(0, 2_000)}`;
}
