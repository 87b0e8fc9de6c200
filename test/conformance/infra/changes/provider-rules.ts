import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pythonVenv } from '../../python-venv.ts';

/** What AWS's own schema of a resource type says of its updates. Paths of properties: `DatabaseInput/Name`. */
export interface ProviderRule {
  /** A change of one of them replaces the resource. */
  readonly createOnly: readonly string[];
  /** A change of one of them may. */
  readonly mayReplace: readonly string[];
  readonly identifier: readonly string[];
}

interface Schema {
  readonly createOnlyProperties?: readonly string[];
  readonly conditionalCreateOnlyProperties?: readonly string[];
  readonly primaryIdentifier?: readonly string[];
}

export type ProviderRules = (type: string) => ProviderRule | undefined;

/**
 * The schemas that AWS publishes of its resource providers, as cfn-lint brings them along: nothing in them is this
 * project's own belief.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 */
export async function providerRules(): Promise<ProviderRules> {
  const programs = await pythonVenv('cfn-lint', path.join(import.meta.dirname, '../requirements.txt'));
  const lib = path.join(programs, '../lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python3'))!;
  const schemas = path.join(lib, python, 'site-packages/cfnlint/data/schemas');
  const files = JSON.parse(readFileSync(path.join(schemas, 'providers/us-east-1.json'), 'utf8')) as Record<
    string,
    string
  >;
  const known = new Map<string, ProviderRule | undefined>();
  return (type) => {
    if (!known.has(type)) known.set(type, read(path.join(schemas, 'resources', `${files[type]}.json`)));
    return known.get(type);
  };
}

function read(file: string): ProviderRule | undefined {
  if (!existsSync(file)) return undefined;
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
  const paths = (all: readonly string[] = []) => all.map((one) => one.replace('/properties/', ''));
  return {
    createOnly: paths(schema.createOnlyProperties),
    mayReplace: paths(schema.conditionalCreateOnlyProperties),
    identifier: paths(schema.primaryIdentifier),
  };
}
