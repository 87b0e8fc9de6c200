import { type GraphQLSchema, getNullableType, isInputObjectType } from 'graphql';
import type { Method, RestEndpoint } from './endpoint.ts';
import { schemaOfSelections, schemaOfType } from './json-schema.ts';
import { type Variable, variablesOf } from './variables.ts';

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const HEADERS = [
  ['X-Hasura-Role', 'The role that asks'],
  ['X-Lake-Purpose', 'What the rows are used for'],
  ['X-Lake-Require-Health', '`ok`: no rows of tables that are older than promised'],
  ['X-Lake-As-Of', 'A publication that is kept. Default: the current one'],
] as const;

const REFUSALS = {
  400: 'A variable is not right',
  401: 'Who asks is not known',
  403: 'The role may not',
  404: 'There is no such address',
  503: 'A table is older than promised',
  504: 'It took too long',
};

/** What is said of each table that was read. */
const STATE = {
  asOf: { type: ['string', 'null'], format: 'date-time' },
  health: { type: 'string', enum: ['ok', 'late', 'unknown'] },
};

/**
 * The saved queries of one role in OpenAPI 3.1.
 * @param endpoints those that the schema answers
 */
export function openApiOf(schema: GraphQLSchema, endpoints: readonly RestEndpoint[], campus: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const path = `/${endpoint.url.map((part) => (part.startsWith(':') ? `{${part.slice(1)}}` : part)).join('/')}`;
    paths[path] = { ...paths[path] };
    for (const method of endpoint.methods)
      paths[path][method.toLowerCase()] = operationOf(schema, endpoint, method);
  }
  return {
    openapi: '3.1.0',
    info: { title: `Saved queries of ${campus}`, version: '1' },
    // Where this document is.
    servers: [{ url: '.' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      parameters: Object.fromEntries(
        HEADERS.map(([name, description]) => [
          name,
          { name, in: 'header', required: false, description, schema: { type: 'string' } },
        ]),
      ),
      schemas: {
        Extensions: {
          type: 'object',
          required: ['publication', 'tables'],
          properties: {
            publication: { type: 'string' },
            tables: {
              type: 'object',
              additionalProperties: {
                type: 'object',
                required: Object.keys(STATE),
                properties: STATE,
              },
            },
          },
        },
        Error: {
          type: 'object',
          required: ['path', 'error', 'code'],
          properties: { path: { type: 'string' }, error: { type: 'string' }, code: { type: 'string' } },
        },
      },
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          `e${status}`,
          { description, content: { 'application/json': { schema: ref('schemas', 'Error') } } },
        ]),
      ),
    },
  };
}

function operationOf(schema: GraphQLSchema, endpoint: RestEndpoint, method: Method): object {
  const { name, url, description, document, operation } = endpoint;
  const variables = variablesOf(schema, endpoint);
  const inPath = variables.filter((one) => url.includes(`:${one.name}`));
  const others = variables.filter((one) => !inPath.includes(one));
  const answer = schemaOfSelections(document, schema.getQueryType()!, [operation.selectionSet]);
  const refusals = Object.keys(REFUSALS).map((status) => [status, ref('responses', `e${status}`)]);
  return {
    operationId: `${method.toLowerCase()}_${name.replace(/[^A-Za-z0-9_]/g, '_')}`,
    summary: description ?? name,
    parameters: [
      ...inPath.map((one) => parameterOf(one, 'path')),
      ...(method === 'GET' ? others.map((one) => parameterOf(one, 'query')) : []),
      ...HEADERS.map(([header]) => ref('parameters', header)),
    ],
    ...(method === 'POST' && others.length > 0 ? { requestBody: bodyOf(others) } : {}),
    responses: {
      200: {
        description: 'The answer',
        ...(method === 'GET' ? { headers: { ETag: { schema: { type: 'string' } } } } : {}),
        content: {
          'application/json': {
            schema: {
              ...answer,
              properties: { ...answer.properties, extensions: ref('schemas', 'Extensions') },
              required: [...answer.required, 'extensions'],
            },
          },
        },
      },
      ...(method === 'GET'
        ? { 304: { description: 'Nothing has changed since the answer with this ETag' } }
        : {}),
      ...Object.fromEntries(refusals),
    },
  };
}

function parameterOf({ name, type, isNeeded }: Variable, place: 'path' | 'query'): object {
  const schema = schemaOfType(type);
  const isJson = isInputObjectType(getNullableType(type));
  return {
    name,
    in: place,
    required: place === 'path' || isNeeded,
    ...(isJson ? { content: { 'application/json': { schema } } } : { schema }),
  };
}

const bodyOf = (variables: readonly Variable[]): object => ({
  required: variables.some(({ isNeeded }) => isNeeded),
  content: {
    'application/json': {
      schema: {
        type: 'object',
        properties: Object.fromEntries(variables.map(({ name, type }) => [name, schemaOfType(type)])),
        required: variables.filter(({ isNeeded }) => isNeeded).map(({ name }) => name),
        additionalProperties: false,
      },
    },
  },
});
