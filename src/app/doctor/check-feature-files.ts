import { CampusFileError } from '../../campus/errors.ts';
import { problemFindings } from './examine.ts';
import { type DoctorContext, type Finding, failed, ok } from './finding.ts';

/** The files beside campus.yaml that features read. */
export async function checkFeatureFiles({
  campus,
  catalog,
  features = [],
}: DoctorContext): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { name, examine } of features.flatMap(({ files = [] }) => files)) {
    try {
      const text = await examine?.({ campus, catalog, features });
      if (text !== undefined) found.push(ok(name, text));
    } catch (error) {
      if (error instanceof CampusFileError) found.push(...problemFindings(error.problems));
      else found.push(failed(name, error));
    }
  }
  return found;
}
