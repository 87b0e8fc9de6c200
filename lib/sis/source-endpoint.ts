import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CfnCertificate, CfnEndpoint, type CfnEndpointProps } from 'aws-cdk-lib/aws-dms';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { DmsSourceConfig } from '../../src/campus/campus-schema.ts';
import { DeployError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import { sslMode } from './ssl-mode.ts';

export interface SourceEndpointProps {
  readonly settings: Settings;
  /** Its name in campus.yaml. */
  readonly source: string;
  readonly config: DmsSourceConfig;
  readonly identifier: string;
  /** Name or ARN of the secret that holds `username`, `password`, `host` and `port`. */
  readonly secret: string;
  /** By which DMS reads the secret. */
  readonly role: IRole;
}

/** The SIS as DMS sees it. It may be read only: nothing is created in it, unless campus.yaml asks for a heartbeat. */
export function sourceEndpoint(scope: Construct, props: SourceEndpointProps): CfnEndpoint {
  const { settings, source, config, identifier, secret, role } = props;
  const file = settings.replication.certificates?.[source];
  const mode = sslMode(source, config, file !== undefined);
  const certificate =
    file !== undefined && mode.startsWith('verify') ? certificateOf(scope, props, file) : undefined;
  const login = { secretsManagerSecretId: secret, secretsManagerAccessRoleArn: role.roleArn };
  return new CfnEndpoint(scope, `Source-${source}`, {
    endpointIdentifier: identifier,
    endpointType: 'source',
    databaseName: config.database,
    sslMode: mode,
    certificateArn: certificate?.ref,
    ...engineOf(config, login),
  });
}

interface Login {
  readonly secretsManagerSecretId: string;
  readonly secretsManagerAccessRoleArn: string;
}

/**
 * A value of more than LobMaxSize stops its task: DMS's own way is to cut it and to write a line into a log. SQL Server
 * and MySQL have no such switch; of every kind of database, staging measures what was copied (`lobMaxSizeOf`).
 */
const NEVER_CUT = { failTasksOnLobTruncation: true };

function engineOf(
  config: DmsSourceConfig,
  login: Login,
): Pick<
  CfnEndpointProps,
  'engineName' | 'postgreSqlSettings' | 'oracleSettings' | 'microsoftSqlServerSettings' | 'mySqlSettings'
> {
  switch (config.kind) {
    case 'postgres':
      return {
        engineName: 'postgres',
        postgreSqlSettings: {
          ...login,
          ...NEVER_CUT,
          // Would create an event trigger and a table in the SIS.
          captureDdls: false,
          mapBooleanAsBoolean: true,
          pluginName: 'test-decoding',
          ...heartbeatOf(config),
        },
      };
    case 'oracle':
      return { engineName: 'oracle', oracleSettings: { ...login, ...NEVER_CUT } };
    case 'sqlserver':
      return { engineName: 'sqlserver', microsoftSqlServerSettings: { ...login } };
    case 'mysql':
      return { engineName: 'mysql', mySqlSettings: { ...login } };
  }
}

/**
 * A row that DMS writes in the SIS, so that a slot moves on where nothing that is captured changes. The frequency is
 * always said: left out it has been 0 in place of the documented 5 minutes, a loop without a pause
 * (https://github.com/ministryofjustice/modernisation-platform-environments/pull/8790).
 */
function heartbeatOf({ heartbeat }: Extract<DmsSourceConfig, { kind: 'postgres' }>) {
  if (!heartbeat) return {};
  return {
    heartbeatEnable: true,
    heartbeatSchema: heartbeat.schema,
    heartbeatFrequency: heartbeat.minutes,
  };
}

function certificateOf(
  scope: Construct,
  { settings, source, config, identifier }: SourceEndpointProps,
  file: string,
) {
  const path = resolve(settings.campus.root, file);
  const read = (encoding: BufferEncoding) => {
    try {
      return readFileSync(path, encoding);
    } catch (cause) {
      throw new DeployError(`aws.replication.certificates.${source}: ${file} cannot be read`, {
        about: source,
        cause,
        hint: 'Give the path of the certificate file, relative to campus.yaml.',
      });
    }
  };
  // Oracle's own form of a certificate is a wallet.
  const content =
    config.kind === 'oracle' ? { certificateWallet: read('base64') } : { certificatePem: read('utf8') };
  return new CfnCertificate(scope, `Certificate-${source}`, {
    // A certificate cannot be changed. Another one has another name, so that the old one stays until the endpoint has
    // let go of it.
    certificateIdentifier: `${identifier}-${createHash('sha256').update(read('base64')).digest('hex').slice(0, 8)}`,
    ...content,
  });
}
