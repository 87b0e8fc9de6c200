import { REGION } from './ministack.ts';

/** What an SDK client of a test needs to speak to an emulator. */
export function clientConfig(endpoint: string) {
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  } as const;
}
