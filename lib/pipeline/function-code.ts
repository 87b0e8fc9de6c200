import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { AssetHashType, DockerImage, type ILocalBundling } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Campus } from '../../src/campus/campus.ts';
import { DeployError } from '../errors.ts';
import { bundleFunctions } from './bundle.ts';
import { FUNCTION_NAMES } from './functions.ts';

const LAMBDA = resolve(import.meta.dirname, '../../lambda');

/**
 * The code of every function, one asset for all: they share most of it. The campus's own files go with it, so that a
 * changed model or catalog is deployed like changed code. Bundled by esbuild in this process; no Docker.
 * @param file campus.yaml
 */
export function functionCode(campus: Campus, file = join(campus.root, 'campus.yaml')): Code {
  const local: ILocalBundling = {
    tryBundle(folder) {
      bundleFunctions(entries(), folder);
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

/** File of each function, by its name. */
export function entries(): Record<string, string> {
  return Object.fromEntries(FUNCTION_NAMES.map((name) => [name, join(LAMBDA, `${name}.ts`)]));
}

/**
 * The files that steps read: campus.yaml, catalog, models, table mappings, procedures. Secrets stay behind: what
 * campus.yaml says of a `file` is not copied.
 * @throws DeployError for one that lies outside of the campus's folder
 */
export function copyCampus(campus: Campus, file: string, to: string): void {
  mkdirSync(to, { recursive: true });
  cpSync(file, join(to, 'campus.yaml'));
  const mappings = Object.values(campus.sources).flatMap((source) =>
    source.kind !== 'canvas' && source.tableMappings !== undefined ? [source.tableMappings] : [],
  );
  for (const part of [campus.catalog, campus.models, 'warehouse/procedures', ...mappings]) {
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
