/** Codes of connections that broke: https://nodejs.org/api/errors.html#common-system-errors */
const BROKEN = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND']);

/**
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, "errors retried"; a service that asks KMS
 * for a key hands on what KMS answers, under its own name.
 */
const BUSY =
  /^(KMS\.?)?(Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown|PriorRequestNotComplete|RequestTimeout|TransactionInProgress|BandwidthLimitExceeded|LimitExceededException$|ServiceUnavailable|InternalServer|InternalFailure|InternalError|InternalException|DependencyTimeout)/;

interface AwsError {
  readonly name: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: object;
}

/**
 * Whether an AWS service failed in passing, as the SDK itself sees it after its own attempts: throttled, broken,
 * out of order. Errors of sources and mistakes in data are not of this kind.
 */
export function isTransient(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 6; e = e.cause, depth++) {
    const { name, code, $metadata, $retryable } = e as AwsError;
    if ($metadata === undefined) continue;
    if ($retryable !== undefined || BUSY.test(name)) return true;
    const status = $metadata.httpStatusCode;
    if (status === 429 || (status !== undefined && status >= 500)) return true;
    if (name === 'TimeoutError' || (code !== undefined && BROKEN.has(code))) return true;
  }
  return false;
}
