import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Campus } from '../../src/campus/campus.ts';
import { isSis } from '../../src/campus/source-role.ts';
import { FEATURES } from '../../src/features.ts';
import { DeployError } from '../errors.ts';
import { type Bundle, bundleFunctions, entries, LAMBDA, writeBundle } from './bundle.ts';

/**
 * The code of every function, one asset for all: they share most of it. The campus's own files go with it, so that a
 * changed model or catalog is deployed like changed code. Bundled by esbuild; no Docker.
 * @param bundle the functions, where they are bundled already
 */
export function functionCode(campus: Campus, bundle?: Bundle): Code {
  const file = join(campus.root, 'campus.yaml');
  const local: ILocalBundling = {
    tryBundle(folder) {
      if (bundle) writeBundle(bundle, folder);
      else bundleFunctions(entries(), folder);
      copyCampus(campus, file, join(folder, 'campus'));
      return true;
    },
  };
  return Code.fromAsset(LAMBDA, {
    assetHashType: AssetHashType.OUTPUT,
    // Never used: the bundling above does it here.
    bundling: { image: DockerImage.fromRegistry('none'), local },
  });
}

/**
 * The files that steps read: campus.yaml, catalog, models, table mappings, procedures, access.yaml, those of features. Secrets stay behind: what
 * campus.yaml says of a `file` is not copied.
 * @throws DeployError for one that lies outside of the campus's folder
 */
export function copyCampus(campus: Campus, file: string, to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(file, join(to, 'campus.yaml'));
  const mappings = Object.values(campus.sources).flatMap((source) =>
    isSis(source) && source.tableMappings !== undefined ? [source.tableMappings] : [],
  );
  const added = FEATURES.flatMap(({ files = [] }) => files).flatMap(({ name, folder }) =>
    [name, folder ?? []].flat(),
  );
  const parts = [campus.catalog, campus.models, 'warehouse/procedures', 'access.yaml', ...mappings, ...added];
  for (const part of parts) {
    const from = resolve(campus.root, part);
    const place = relative(campus.root, from);
    if (place.startsWith('..') || isAbsolute(place))
      throw new DeployError(`campus.yaml names ${part}, which lies outside of its folder`, {
        about: basename(part),
        hint: 'The functions take the folder of campus.yaml with them, and nothing else: move it there.',
      });
    if (existsSync(from)) cpSync(from, join(to, place), { recursive: true, dereference: true });
  }
}
