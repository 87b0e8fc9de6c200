import { describe, expect, it } from 'vitest';
import { executionCause } from '../../src/pipeline/execution-cause.ts';

const cause = (errorType: string, errorMessage: string) => JSON.stringify({ errorType, errorMessage });

describe('executionCause', () => {
  it.each([
    ['Sandbox.Timedout', cause('Sandbox.Timedout', 'Task timed out after 900.00 seconds'), /900\.00 seconds/],
    ['Runtime.ExitError', cause('Runtime.ExitError', 'RequestId: x Error: signal: killed'), /signal: killed/],
    ['StepFailed', cause('StepFailed', 'It is broken. Next: Fix it.'), /It is broken/],
  ])('keeps what is known to hold no data: %s', (name, said, words) => {
    expect(executionCause(name, said)).toMatch(words);
  });

  it.each([
    ['Runtime.UnhandledPromiseRejection', cause('Runtime.UnhandledPromiseRejection', "Error: D'Angelo")],
    ['Lambda.Unknown', cause('Runtime.Unknown', "D'Angelo")],
    ['States.Runtime', "The JSONPath '$.x' could not be found in the input '{\"name\": \"D'Angelo\"}'"],
    ['States.Runtime', '"D\'Angelo"'],
    ['States.Runtime', 'null'],
  ])('names what could hold data by its name alone: %s', (name, said) => {
    expect(executionCause(name, said)).toBe(name);
  });
});
