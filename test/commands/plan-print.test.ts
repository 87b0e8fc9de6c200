import { expect, it } from 'vitest';
import { planInWords } from '../../bin/aws/plan/print.ts';
import { deployedOf } from '../../lib/change/deployed.ts';

const WHERE = { lake: 'campus-lake', account: '123456789012', region: 'us-east-1' };

it('lake plan names what stands in a second Region that campus.yaml no longer names, its price, and the way', () => {
  const words = planInWords({
    record: 'campus.deployed.json',
    deployed: deployedOf(WHERE, new Map()),
    obstacles: [],
    left: [],
    away: {
      name: 'campus-lake-r',
      region: 'us-west-2',
      environment: 'prod-recovery',
      stacks: [{ stack: 'campus-lake-r-storage', monthly: 5.6 }],
    },
  });

  expect(words).toContain('Still in us-west-2');
  expect(words).toContain('campus-lake-r-storage: 5.60 dollars a month');
  expect(words).toContain('aws.recovery: { region: us-west-2, name: campus-lake-r, copies: false }');
  expect(words).toContain('npx lake teardown --target aws --environment prod-recovery');
});
