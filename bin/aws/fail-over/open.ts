import { secretRefs } from '../../../src/app/doctor/check-secrets.ts';
import { type LoadedCampus, loadCampus } from '../../../src/campus/load.ts';
import { recoveryFor } from '../../../src/campus/recovery-environment.ts';
import { InputError } from '../../../src/errors.ts';
import { copyFiles } from '../../../src/pipeline/recovery/copy-files.ts';
import { openCloudAccount } from '../../../src/platform/aws/account/account.ts';
import { openAwsClients } from '../../../src/platform/aws/clients.ts';
import { nameOfLake } from '../../../src/platform/aws/deployed.ts';
import { replicateSecrets } from '../../../src/platform/aws/recovery/replicate-secrets.ts';
import { openSide, type Side } from './fail-over.ts';

/** Both lakes of a campus with a second Region. */
export interface BothSides {
  readonly first: Side;
  readonly second: Side;
  close(): Promise<void>;
}

/**
 * @param file the campus file
 * @throws InputError where campus.yaml describes no second Region
 */
export async function openBothSides(loaded: LoadedCampus, file: string): Promise<BothSides> {
  const { campus } = loaded;
  nameOfLake(campus);
  if (!campus.aws?.recovery)
    throw new InputError('campus.yaml describes no second Region.', {
      about: 'aws.recovery',
      hint: 'aws: { region: us-east-1, recovery: { region: us-west-2 } }, then npx cdk deploy --all',
    });
  const away = await loadCampus(file, undefined, recoveryFor(campus.environment));
  const account = campus.aws.account ?? (await openCloudAccount(away.campus).caller()).account;
  if (account === undefined)
    throw new InputError('Nothing says which account the lake is in.', {
      about: 'aws.account',
      hint: 'write aws.account into campus.yaml',
    });
  const first = openSide(loaded, account);
  const second = openSide(away, account);
  return {
    first,
    second,
    close: async () => {
      await Promise.all([first.platform.close(), second.platform.close()]);
    },
  };
}

/** What the second Region needs besides what S3 copies by itself. */
export interface Prepared {
  /** Secrets that are kept there now, too. */
  readonly secrets: readonly string[];
  /** Files that were there before S3 began to copy. */
  readonly copied: number;
}

/** Done once after the deployment; repeated, it does what is left. */
export async function prepare(
  { first, second }: BothSides,
  { signal, tell }: { readonly signal: AbortSignal; readonly tell: (text: string) => void },
): Promise<Prepared> {
  const { campus } = first.loaded;
  const names = secretRefs(campus).flatMap(([, ref]) =>
    'secretsManager' in ref ? [ref.secretsManager] : [],
  );
  const clients = openAwsClients(first.region);
  try {
    const key = campus.aws?.recovery?.secretsKey;
    const secrets = await replicateSecrets(clients.secretsManager, names, { region: second.region, key });
    tell(`${secrets.length} secrets are kept in ${second.region} too`);
    const copied = await copyFiles(first.platform.objects, second.platform.objects, {
      signal,
      tell: (done, of) => {
        if (done % 1_000 === 0 || done === of) tell(`${done} of ${of} files copied`);
      },
    });
    return { secrets, copied };
  } finally {
    clients.secretsManager.destroy();
  }
}
