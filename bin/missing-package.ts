import { InputError } from '../src/errors.ts';

const NOT_FOUND = /^Cannot find package '((?:@[\w.-]+\/)?[\w.-]+)'/;

/** For an error of an import whose package is not installed: what is missing, and how to get it. */
export function missingPackage(error: unknown): InputError | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const name = code === 'ERR_MODULE_NOT_FOUND' ? NOT_FOUND.exec(String(message))?.[1] : undefined;
  if (name === undefined) return undefined;
  return new InputError(`The package ${name} is not installed.`, {
    about: name,
    hint: 'Run npm ci. With --omit=dev it leaves out the AWS CDK, which a deployment and its cost need.',
    cause: error,
  });
}
