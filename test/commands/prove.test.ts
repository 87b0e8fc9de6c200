import { describe, expect, it } from 'vitest';
import type { Probe, ProveContext } from '../../bin/aws/prove/probe.ts';
import { proven } from '../../bin/aws/prove/probe.ts';
import { callsOf } from '../../bin/aws/prove/probes/rights.ts';
import { answersOf, BY_HAND, PROBES } from '../../bin/aws/prove/prove.ts';
import { FUNCTION_NAMES } from '../../lib/pipeline/functions.ts';
import { StatementFailed } from '../../src/platform/aws/athena/run-statement.ts';
import { AwsCallError } from '../../src/platform/aws/errors.ts';

const probe = (name: string, ask: Probe['ask']): Probe => ({ name, claim: `${name} holds`, ask });
const context = {} as ProveContext;

describe('What an account is asked', () => {
  it('has names that tell the answers apart, and something that is left for a person', () => {
    const names = PROBES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(BY_HAND.length).toBeGreaterThan(3);
  });

  it('is asked to the end: what cannot be asked is open, what the engine refuses is refuted', async () => {
    const told: string[] = [];
    const denied = new AwsCallError('Listing the runs failed: AccessDenied', {
      hint: 'Let the role do this.',
    });
    const refusal = new StatementFailed({ doing: 'Asking Athena' }, 'id', {
      Status: { State: 'FAILED', StateChangeReason: 'SYNTAX_ERROR: no function of that name: secret' },
    });
    const answers = await answersOf(
      [
        probe('denied', () => Promise.reject(denied)),
        probe('refused', () => Promise.reject(refusal)),
        probe('good', async () => proven('seen')),
      ],
      context,
      ({ name }) => told.push(name),
    );
    expect(answers).toMatchObject([
      {
        name: 'denied',
        verdict: 'open',
        seen: expect.stringContaining('AccessDenied'),
        hint: 'Let the role do this.',
      },
      { name: 'refused', verdict: 'refuted', seen: expect.stringContaining('Asking Athena failed') },
      { name: 'good', verdict: 'proven', claim: 'good holds' },
    ]);
    expect(told).toEqual(['denied', 'refused', 'good']);
    // What Athena says can quote values.
    expect(JSON.stringify(answers)).not.toContain('secret');
  });

  it('does not hide a defect of the program', async () => {
    const broken = probe('broken', () => Promise.reject(new TypeError('x is not a function')));
    await expect(answersOf([broken], context, () => {})).rejects.toThrow(TypeError);
  });
});

describe('The decisions of IAM that are asked for', () => {
  const buckets = { raw: 'r', staged: 's', curated: 'c', records: 'k', results: 'q' };
  const calls = callsOf({
    region: 'us-east-1',
    account: '123456789012',
    buckets,
    ledgerTable: 'lake-ledger',
    limitsTable: 'lake-limits',
    databasePrefix: '',
    workgroup: 'lake-pipeline',
    topicArn: 'arn:aws:sns:us-east-1:123456789012:lake-team',
  });

  it('are about roles that are deployed, and of both kinds for those that touch data', () => {
    const roles = new Set(calls.map(({ role }) => role));
    expect([...roles].filter((role) => !FUNCTION_NAMES.some((name) => name === role))).toEqual([]);
    for (const role of ['stage', 'models', 'lms', 'warehouse', 'run'])
      expect(new Set(calls.filter((call) => call.role === role).map(({ allowed }) => allowed))).toEqual(
        new Set([true, false]),
      );
  });
});
