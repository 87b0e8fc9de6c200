import { describe, expect, it } from 'vitest';
import { leftOf } from '../../../bin/aws/plan/left.ts';
import type { StandingStack } from '../../../bin/aws/teardown/standing-stack.ts';
import { type StackTemplate, templatesOf } from '../../../lib/synthesize.ts';
import { CAMPUS, settingsFor } from '../../infra/campus.ts';

/** What `lake plan` names, and `lake teardown --what-left` takes down, after campus.yaml has changed. */

const standard = { ...CAMPUS, profile: 'standard' };
const withoutSis = { ...CAMPUS, sources: { canvas: CAMPUS.sources.canvas } };

const standing = (campus: object): StandingStack[] =>
  [...templatesOf(settingsFor(campus))].map(([name, template]: [string, StackTemplate]) => ({
    name,
    arn: `arn:aws:cloudformation:us-east-1:123456789012:stack/${name}/1`,
    status: 'UPDATE_COMPLETE',
    protected: false,
    after: [],
    deletesData: false,
    resources: [],
    template,
  }));

describe('What a deployment leaves behind', () => {
  it('is nothing while campus.yaml says the same', () => {
    expect(leftOf(standing(standard), settingsFor(standard))).toEqual([]);
  });

  it('is the warehouse and DMS when both are gone, each with what it goes on costing', () => {
    const left = leftOf(standing(standard), settingsFor(withoutSis));
    const costs = new Map(left.map(({ stack, monthly }) => [stack.replace('campus-lake-', ''), monthly]));
    expect([...costs.keys()].sort()).toEqual(['account', 'network', 'sis', 'warehouse', 'warehouse-data']);
    // By the daily limit with which it was deployed, 12 RPU hours, not by that of frugal.
    expect(costs.get('warehouse')).toBeGreaterThan(100);
    expect(costs.get('sis')).toBeGreaterThan(50);
    expect(costs.get('account')).toBe(0);
  });
});
