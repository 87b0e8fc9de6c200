import type { Json } from '../../json.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { userAgentRequired } from './api-errors.ts';
import { type Call, header } from './call.ts';
import type { Files } from './files.ts';
import { readJobRequest, readObjectIds } from './job-request.ts';
import type { Jobs } from './jobs.ts';
import type { LimitCounter } from './limits.ts';
import { jsonSchemaOf } from './schema/json-schema.ts';
import type { ServedTables } from './served-tables.ts';
import type { Tokens } from './tokens.ts';

/** The parts that answer together. */
export interface ApiParts {
  readonly now: () => number;
  readonly tables: ServedTables;
  readonly tokens: Tokens;
  readonly limits: LimitCounter;
  readonly jobs: Jobs;
  readonly files: Files;
  /** `http://127.0.0.1:port`, once the server listens. */
  readonly origin: () => string;
}

/**
 * Answers one call as the platform would.
 * @throws ApiError with the answer to send instead
 */
export async function answer(parts: ApiParts, call: Call): Promise<Answer> {
  if (call.endpoint === 'file') return parts.files.send(call);
  if (!header(call, 'user-agent')?.trim()) throw userAgentRequired();
  parts.limits.enter(call.endpoint);
  if (call.endpoint === 'login') return jsonAnswer(200, parts.tokens.login(call));
  parts.tokens.check(call);
  return answerApi(parts, call);
}

async function answerApi({ tables, jobs, files, now, origin }: ApiParts, call: Call): Promise<Answer> {
  const { namespace = '', table = '' } = call;
  switch (call.endpoint) {
    case 'list':
      return jsonAnswer(200, { tables: tables.list(namespace) });
    case 'schema': {
      const schema = tables.get(namespace, table).schemaAt(now());
      return jsonAnswer(200, { schema: jsonSchemaOf(schema.table), version: schema.version });
    }
    case 'create-job': {
      const served = tables.get(namespace, table);
      const { job } = jobs.ask(served, readJobRequest(call.body));
      const { status, body } = await jobs.answer(job);
      return jsonAnswer(status, body);
    }
    case 'get-job': {
      const job = jobs.get(call.job ?? '');
      const { status, body } = await jobs.answer(job);
      job.pollsLeft = Math.max(0, job.pollsLeft - 1);
      return jsonAnswer(status, body);
    }
    default: {
      const urls = readObjectIds(call.body).map((id): [string, Json] => {
        const { job, file } = jobs.object(id);
        return [id, { url: origin() + files.sign(job, file) }];
      });
      return jsonAnswer(200, { urls: Object.fromEntries(urls) });
    }
  }
}
