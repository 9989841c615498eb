import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes.
  readonly json: any;
};

/** fetch() sets neither Origin nor Cookie as a browser would. */
export function send(
  { url, method, body, ca }: { url: string; method: string; body: unknown; ca: Buffer | undefined },
  headers: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = ca ? httpsRequest : httpRequest;
    const request = ask(url, { method, headers, agent: false, ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const status = response.statusCode ?? 0;
        resolve({ status, headers: response.headers, text, json: parseJson(text) });
      });
    });
    request.on('error', reject);
    request.end(body as string | Uint8Array | undefined);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
