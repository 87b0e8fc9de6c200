import type { ApiParts } from '../api.ts';
import type { Call } from '../call.ts';
import type { Job } from '../job.ts';
import { readJobRequest, readObjectIds } from '../job-request.ts';

/** What a call is about, as far as it can be known. */
export interface Subject {
  readonly namespace?: string;
  readonly table?: string;
  readonly load?: 'snapshot' | 'increment';
}

/** The table and the kind of load behind a call; a malformed or unknown call is about nothing. */
export function subjectOf(parts: ApiParts, call: Call): Subject {
  try {
    switch (call.endpoint) {
      case 'create-job':
        return {
          namespace: call.namespace,
          table: call.table,
          load: loadOf(readJobRequest(call.body).since),
        };
      case 'get-job':
      case 'file':
        return ofJob(parts.jobs.get(call.job ?? ''));
      case 'object-url':
        return ofJob(parts.jobs.object(readObjectIds(call.body)[0] ?? '').job);
      default:
        return { namespace: call.namespace, table: call.table };
    }
  } catch {
    return {};
  }
}

function ofJob(job: Job): Subject {
  return { namespace: job.served.namespace, table: job.served.name, load: loadOf(job.request.since) };
}

function loadOf(since: number | undefined): 'snapshot' | 'increment' {
  return since === undefined ? 'snapshot' : 'increment';
}
