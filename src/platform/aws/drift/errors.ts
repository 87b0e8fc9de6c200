import { LakeError } from '../../../errors.ts';

/** The crawler over the raw files of a SIS did not come to its end. */
export class CrawlError extends LakeError {}
