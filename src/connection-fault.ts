import { nameOfUnexpected } from './failure.ts';
import { errnoWords } from './system-error.ts';

/** Why a connection failed, in the lake's words: neither the address nor what the other side said is in it. */
export interface ConnectionFault {
  /** Stands after "the connection failed:"; ends with Node's code. */
  readonly found: string;
  readonly hint: string;
  /** Whether the certificate of the other side was not accepted. */
  readonly certificate: boolean;
}

const OWN_AUTHORITY =
  "For a certificate of the college's own authority, name the file of that authority (see docs/campus-yaml.md, certificates).";

/** Codes of failed checks of a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE: { readonly [code: string]: readonly [found: string, hint: string] } = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is signed by itself', OWN_AUTHORITY],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'its certificate comes from an authority that this machine does not know',
    OWN_AUTHORITY,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'the authority of its certificate is not known here, or it sends an incomplete chain',
    OWN_AUTHORITY,
  ],
  UNABLE_TO_GET_ISSUER_CERT: ['the authority of its certificate is not known here', OWN_AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['the authority of its certificate is not known here', OWN_AUTHORITY],
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'Ask its operator to renew the certificate; check the clock of this machine.',
  ],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Check the clock of this machine.'],
  CERT_REVOKED: ['its certificate was revoked', 'Ask its operator for a new certificate.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another name',
    'Use the name that the certificate has.',
  ],
  HOSTNAME_MISMATCH: ['its certificate is for another name', 'Use the name that the certificate has.'],
};

const PROTOCOL = /^(EPROTO|ERR_SSL_[A-Z0-9_]{1,60}|ERR_TLS_[A-Z0-9_]{1,60})$/;

/** Codes of HTTP clients, besides those of the system. */
const OTHERS: { readonly [code: string]: readonly [found: string, hint: string] } = {
  ECONNABORTED: ['it did not answer in time', 'Try again later; check whether a firewall is in between.'],
  ERR_CANCELED: ['it did not answer in time', 'Try again later; check whether a firewall is in between.'],
  ERR_INVALID_URL: ['the address is none', 'Put the whole address into the secret or the setting: https://…'],
  ERR_BAD_RESPONSE: ['its answer was cut off', 'Try again later.'],
};

/** Why a connection failed; the error's own words are not used. */
export function connectionFault(error: unknown): ConnectionFault {
  for (const code of codesOf(error)) {
    const certificate = CERTIFICATE[code];
    if (certificate) return fault(code, certificate, true);
    if (PROTOCOL.test(code)) {
      const hint = 'Check the port, and whether the other side speaks TLS 1.2 or newer there.';
      return fault(code, ['no encrypted connection could be agreed on', hint], true);
    }
    const system = errnoWords(code);
    if (system) return fault(code, [`it ${system.found}`, system.hint], false);
    const other = OTHERS[code];
    if (other) return fault(code, other, false);
  }
  return {
    found: `for a reason that is not known (${nameOfUnexpected(error)})`,
    hint: 'Check the address, and whether this machine may reach it.',
    certificate: false,
  };
}

const fault = (
  code: string,
  [found, hint]: readonly [string, string],
  certificate: boolean,
): ConnectionFault => ({
  found: `${found} (${code})`,
  hint,
  certificate,
});

/** The codes of an error and of its causes; libraries put their own before that of the system. */
function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const { originalCode, code } = e as { originalCode?: unknown; code?: unknown };
    if (e instanceof AggregateError) codes.push(...e.errors.flatMap((one) => codesOf(one)));
    for (const found of [originalCode, code]) if (typeof found === 'string') codes.push(found);
  }
  return codes;
}
