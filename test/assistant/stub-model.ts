import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a stub was asked. */
export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
  readonly system: string;
  readonly user: string;
}

/** Text: it is sent as it is, in place of JSON. Undefined: never an answer. */
type Reply = (asked: Asked) => object | string | undefined;

/** A server on loopback that speaks OpenAI's chat completions and Bedrock's Converse. */
export async function openStubModel(reply: Reply) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const body = JSON.parse(text);
      const isBedrock = request.url!.endsWith('/converse');
      const one: Asked = {
        path: request.url!,
        headers: request.headers,
        body,
        system: isBedrock ? body.system[0].text : body.messages[0].content,
        user: isBedrock ? body.messages[0].content[0].text : body.messages[1].content,
      };
      asked.push(one);
      const answer = reply(one);
      if (answer === undefined) return;
      response.setHeader('content-type', 'application/json');
      const content = typeof answer === 'string' ? answer : JSON.stringify(answer);
      response.end(
        JSON.stringify(
          isBedrock
            ? {
                output: {
                  message: {
                    role: 'assistant',
                    content: [
                      typeof answer === 'string'
                        ? { text: answer }
                        : { toolUse: { toolUseId: 't1', name: 'answer', input: answer } },
                    ],
                  },
                },
                stopReason: 'tool_use',
                usage: { inputTokens: 700, outputTokens: 60, totalTokens: 760 },
                metrics: { latencyMs: 10 },
              }
            : {
                id: 'chatcmpl-1',
                object: 'chat.completion',
                choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
                usage: { prompt_tokens: 700, completion_tokens: 60, total_tokens: 760 },
              },
        ),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}
