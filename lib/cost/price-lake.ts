import type { Campus, Catalog } from '../../src/campus/campus.ts';
import { settingsOf } from '../settings.ts';
import { type Estimate, estimate } from './estimate.ts';
import { resourcesOf } from './synthesize.ts';
import { type College, usageOf } from './usage.ts';

/** What the lake of this campus would cost with this profile. @throws DeployError for what has no price */
export function priceLake(
  loaded: { readonly campus: Campus; readonly catalog: Catalog },
  profile: string,
  college: College,
): Estimate {
  const settings = settingsOf(loaded, { profile });
  return estimate(resourcesOf(settings), usageOf(settings, college));
}
