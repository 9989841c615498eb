import { z } from 'zod';
import { openApiDocument } from '../openapi.ts';
import { type Route, route } from '../route.ts';

export function openApiRoutes(routes: readonly Route[], version: string): Route[] {
  const document = openApiDocument(routes, version);
  return [
    route({
      method: 'GET',
      path: '/api/openapi.json',
      summary: 'This document.',
      access: 'public',
      reach: 'none',
      answer: z.record(z.string(), z.unknown()),
      handle: () => document as Record<string, unknown>,
    }),
  ];
}
