/** The built pages, and the root certificate of a private authority. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fastifyStatic } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { say } from '../words/say.ts';
import { ProblemError } from './errors.ts';
import type { WebSettings } from './parts.ts';

const YEAR_SECONDS = 31_536_000;

export async function addWebFiles(app: FastifyInstance, web: WebSettings): Promise<void> {
  const config = { access: 'public' } as const;
  app.get('/ca.crt', { config }, async (_request, reply) => {
    if (!web.authorityFile) throw new ProblemError('not-found', say('no-own-authority'));
    reply.header('content-disposition', 'attachment; filename="cadencia-ca.crt"');
    return reply.type('application/x-x509-ca-cert').send(await readFile(web.authorityFile));
  });
  if (!existsSync(web.folder)) return;
  await app.register(fastifyStatic, { root: web.folder, serve: false, cacheControl: false });
  app.get('/*', { config }, (request, reply) => sendFile(request, reply));
}

/**
 * All pages are one document, whose router reads the path. Everything else is a file of the build.
 */
function sendFile(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // Not parsed as a URL, because the text may not be a valid one.
  const path = request.url.split('?', 1)[0] ?? '';
  if (path.startsWith('/api/')) throw new ProblemError('not-found', say('no-such-route'));
  if (!path.includes('.')) {
    return reply.header('cache-control', 'no-cache').sendFile('index.html');
  }
  // The build puts a hash of its content into the name of every asset.
  const isAsset = path.startsWith('/assets/');
  reply.header(
    'cache-control',
    isAsset ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
  );
  return reply.sendFile(path.slice(1));
}
