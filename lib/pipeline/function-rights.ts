import type { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FEATURES } from '../../src/features.ts';
import { driftRights } from '../drift/drift-rights.ts';
import type { FunctionName } from './functions.ts';
import type { LakeParts } from './places.ts';
import { Rights } from './rights.ts';

/** Rights of one function beyond those that all have; the narrowest that its steps can work with. */
export function rightsOf(name: FunctionName, stack: Stack, parts: LakeParts): PolicyStatement[] {
  const rights = new Rights(stack, parts);
  const everyone = [...rights.ledger(), ...rights.key()];
  const own: Record<FunctionName, () => PolicyStatement[]> = {
    lms: () => [
      ...rights.write('raw', ...rights.foldersOf('lms')),
      ...rights.limits(),
      ...rights.secrets(rights.lmsSecrets()),
    ],
    sis: () => [
      ...rights.write('raw', ...rights.foldersOf('sis')),
      ...rights.records('replication/*', 'drift/*'),
      ...rights.replication(),
      ...driftRights(stack, parts.settings),
    ],
    stage: () => [
      ...rights.read('raw', 'raw/*'),
      ...rights.staging(),
      ...rights.write('staged', 'staged/*'),
      ...rights.queries(),
      ...rights.catalog(),
      ...rights.secrets(rights.pseudonymSecrets()),
      ...rights.erasing(),
      ...rights.forgetting('raw'),
    ],
    models: () => [
      ...rights.read('staged', 'staged/*'),
      // Tables of a SIS are read where their load lies.
      ...rights.read('raw', ...rights.foldersOf('sis')),
      // Of an LMS only what its loads are, to see what they can be staged again from; by the key's fingerprint the
      // pseudonyms of another key are told.
      ...rights.read('raw', ...rights.lmsManifests()),
      ...rights.secrets(rights.pseudonymSecrets()),
      ...rights.write('curated', 'curated/*'),
      ...rights.records('publications/*', ...(parts.settings.recovery?.copies ? ['recovery/*'] : [])),
      ...rights.tags(),
      ...FEATURES.flatMap(({ rights: of }) => [
        ...(of?.read ? rights.read('records', ...of.read) : []),
        ...(of?.write ? rights.records(...of.write) : []),
      ]),
      ...rights.queries(),
      ...rights.catalog(),
      ...rights.sparkJob(),
    ],
    // What it loads it does not read: the warehouse itself does, by a role of its own.
    warehouse: () => [
      ...rights.read('records', 'publications/*'),
      ...rights.records('warehouse/*'),
      ...rights.warehouse(),
      // A mask of access.yaml can be made with the key of the pseudonyms.
      ...rights.secrets(rights.pseudonymSecrets()),
    ],
    sweep: () => [
      ...rights.read('raw', ...rights.lmsManifests()),
      ...rights.remove('raw', ...rights.foldersOf('lms')),
      ...rights.write('raw', ...rights.foldersOf('sis')),
      // What a staging left that broke off.
      ...rights.staging(),
      ...rights.write('staged', 'staged/*'),
      ...rights.write('curated', 'curated/*'),
      ...rights.records('publications/*'),
      // OPTIMIZE and VACUUM are statements.
      ...rights.queries(),
      ...rights.catalog(),
    ],
    run: () => [
      ...rights.read('records', 'publications/*'),
      ...rights.secrets(rights.notifySecrets()),
      ...rights.topic(),
      ...rights.history(),
      ...rights.executions(),
    ],
  };
  return [...everyone, ...own[name]()];
}
