import type { DmsSourceConfig } from '../../src/campus/campus-schema.ts';
import { DeployError } from '../errors.ts';

type Kind = DmsSourceConfig['kind'];
type Ssl = DmsSourceConfig['ssl'];

/**
 * What DMS calls the encryption that campus.yaml asks for, by database. Undefined: DMS does not have it.
 * https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.SSL.html
 */
const MODES: Readonly<Record<Kind, Readonly<Record<Ssl, string | undefined>>>> = {
  postgres: { disable: 'none', require: 'require', 'verify-full': 'verify-full' },
  sqlserver: { disable: 'none', require: 'require', 'verify-full': 'verify-full' },
  mysql: { disable: 'none', require: undefined, 'verify-full': 'verify-full' },
  oracle: { disable: 'none', require: undefined, 'verify-full': 'verify-ca' },
};

/** @throws DeployError where DMS cannot do what campus.yaml asks for */
export function sslMode(source: string, { kind, ssl }: DmsSourceConfig, certificate: boolean): string {
  const mode = MODES[kind][ssl];
  if (mode === undefined)
    throw new DeployError(`sources.${source}.ssl: DMS has no "${ssl}" for ${kind}`, {
      about: source,
      hint: `Write ssl: verify-full, and the file with the certificate under aws.replication.certificates.${source}.`,
    });
  if (mode.startsWith('verify') && !certificate)
    throw new DeployError(
      `sources.${source}.ssl is "${ssl}", and DMS knows no certificate to verify the server of ${source} by`,
      {
        about: source,
        hint: `Name the file that signed it under aws.replication.certificates.${source}${MODES[kind].require ? ', or write ssl: require' : ''}.`,
      },
    );
  return mode;
}
