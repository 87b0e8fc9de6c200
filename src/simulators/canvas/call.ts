/** The doors of the server, named for what they do. */
export const ENDPOINTS = ['login', 'list', 'schema', 'create-job', 'get-job', 'object-url', 'file'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One request, understood as far as its door and the names in its path. */
export interface Call {
  readonly endpoint: Endpoint;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly namespace?: string;
  readonly table?: string;
  readonly job?: string;
  readonly file?: string;
}

interface Door {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
}

/** The API lives at `/dap`; newer clients ask at `/dap/beta`. */
const DOORS: readonly Door[] = [
  { endpoint: 'login', method: 'POST', path: /^\/ids\/auth\/login$/ },
  { endpoint: 'list', method: 'GET', path: /^\/dap(?:\/beta)?\/query\/(?<namespace>[^/]+)\/table$/ },
  {
    endpoint: 'schema',
    method: 'GET',
    path: /^\/dap(?:\/beta)?\/query\/(?<namespace>[^/]+)\/table\/(?<table>[^/]+)\/schema$/,
  },
  {
    endpoint: 'create-job',
    method: 'POST',
    path: /^\/dap(?:\/beta)?\/query\/(?<namespace>[^/]+)\/table\/(?<table>[^/]+)\/data$/,
  },
  { endpoint: 'get-job', method: 'GET', path: /^\/dap(?:\/beta)?\/job\/(?<job>[^/]+)$/ },
  { endpoint: 'object-url', method: 'POST', path: /^\/dap(?:\/beta)?\/object\/url$/ },
  { endpoint: 'file', method: 'GET', path: /^\/files\/(?<job>[^/]+)\/(?<file>[^/]+)$/ },
];

/** The call that a request makes; undefined where the server has no such door. */
export function readCall(method: string, url: URL, headers: Call['headers'], body: string): Call | undefined {
  for (const door of DOORS) {
    const names = door.method === method ? door.path.exec(url.pathname) : null;
    if (!names) continue;
    const decoded = Object.entries(names.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]);
    return {
      endpoint: door.endpoint,
      headers,
      query: url.searchParams,
      body,
      ...Object.fromEntries(decoded),
    };
  }
  return undefined;
}

export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
