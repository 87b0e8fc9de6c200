import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { called } from '../errors.ts';

/** Where CloudTrail writes its files. */
export interface TrailPlace {
  readonly bucket: string;
  /** With a slash at its end; empty for none. */
  readonly prefix: string;
}

const DAY_MS = 86_400_000;

/**
 * Of an event only what is asked: who, and which question.
 * https://docs.aws.amazon.com/athena/latest/ug/monitor-with-cloudtrail.html
 */
const eventSchema = z.object({
  eventSource: z.string(),
  eventName: z.string(),
  userIdentity: z
    .object({
      arn: z.string().optional(),
      principalId: z.string().optional(),
      onBehalfOf: z.object({ userId: z.string() }).optional(),
    })
    .optional(),
  responseElements: z.object({ queryExecutionId: z.string().optional() }).nullish(),
});
const fileSchema = z.object({ Records: z.array(z.unknown()).default([]) });

/**
 * Who has asked which question of Athena, by the question's id. Of a person of IAM Identity Center that is the user's id
 * there, of everybody else the ARN, whose last part is the name of a session.
 * @param from epoch ms
 * @param to epoch ms; files of an hour later are read too, since CloudTrail writes late
 */
export async function askersIn(
  s3: S3Client,
  { bucket, prefix }: TrailPlace,
  { account, region }: { readonly account: string; readonly region: string },
  from: number,
  to: number,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (let day = from - (from % DAY_MS); day <= to + 3_600_000; day += DAY_MS) {
    const [date = ''] = new Date(day).toISOString().split('T');
    const folder = `${prefix}AWSLogs/${account}/CloudTrail/${region}/${date.replaceAll('-', '/')}/`;
    for (const key of await keysIn(s3, bucket, folder))
      for (const event of await eventsIn(s3, bucket, key)) {
        const { userIdentity, responseElements } = event;
        const id = responseElements?.queryExecutionId;
        const who = userIdentity?.onBehalfOf?.userId ?? userIdentity?.arn ?? userIdentity?.principalId;
        if (id !== undefined && who !== undefined) found.set(id, who);
      }
  }
  return found;
}

async function keysIn(s3: S3Client, bucket: string, folder: string): Promise<string[]> {
  const keys: string[] = [];
  const list = async () => {
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: bucket, Prefix: folder },
    ))
      keys.push(...Contents.flatMap(({ Key }) => (Key?.endsWith('.json.gz') ? [Key] : [])));
  };
  await called(`Listing the files of CloudTrail in s3://${bucket}`, 'cloudtrail', list());
  return keys;
}

async function eventsIn(s3: S3Client, bucket: string, key: string): Promise<z.infer<typeof eventSchema>[]> {
  const read = async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return text((Body as Readable).pipe(createGunzip()));
  };
  const { Records } = fileSchema.parse(
    JSON.parse(await called(`Reading s3://${bucket}/${key}`, 'cloudtrail', read())),
  );
  return Records.flatMap((record) => {
    const { data } = eventSchema.safeParse(record);
    const isOne = data?.eventSource === 'athena.amazonaws.com' && data.eventName === 'StartQueryExecution';
    return isOne ? [data] : [];
  });
}
