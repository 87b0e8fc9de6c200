import { openLocalRateLimits } from '../../../src/platform/local/rate-limits.ts';
import { rateLimitsContract } from '../../contract/rate-limits.ts';

rateLimitsContract({
  open: async (clock) => openLocalRateLimits(clock),
  close: async () => undefined,
  histories: 100,
});
