import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { databaseArns, tableArns } from '../pipeline/catalog-arns.ts';
import { catalogKeyRights } from '../pipeline/catalog-key.ts';
import type { Settings } from '../settings.ts';
import { driftDatabase, driftPlaces, driftRole } from './drift-places.ts';

/** To show the crawlers of the SIS where to look, and to read, and clear away, what they saw. */
export function driftRights(stack: Stack, settings: Settings): PolicyStatement[] {
  const places = Object.values(driftPlaces(settings) ?? {});
  if (places.length === 0) return [];
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const crawlers = places.map(({ crawler }) =>
    stack.formatArn({ service: 'glue', resource: 'crawler', resourceName: crawler }),
  );
  const role = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: driftRole(settings),
  });
  const database = [driftDatabase(settings)];
  return [
    allow(['glue:GetCrawler', 'glue:UpdateCrawler', 'glue:StartCrawler'], ...crawlers),
    allow(
      ['glue:GetTables', 'glue:BatchDeleteTable'],
      ...databaseArns(stack, database),
      ...tableArns(stack, database),
    ),
    ...catalogKeyRights(stack, settings),
    // Changing a crawler passes its role again.
    allow(['iam:PassRole'], role),
  ];
}
