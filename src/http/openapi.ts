/** The OpenAPI document, generated from the routes' declarations. */
import { z } from 'zod';
import { problem } from '../protocol/common.ts';
import type { Route } from './route.ts';

export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of routes) {
    const path = one.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [one.method.toLowerCase()]: operationOf(one) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Cadência', version },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-cadencia' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operationOf(one: Route): object {
  return {
    summary: one.summary,
    ...securityOf(one),
    parameters: [...parametersOf(one.params, 'path'), ...parametersOf(one.query, 'query')],
    ...bodyOf(one),
    responses: {
      [String(one.status ?? (one.answer || one.answerFile ? 200 : 204))]: {
        description: 'Done.',
        ...contentOf(one),
      },
      default: {
        description: 'A problem (RFC 9457); `code` is for programs.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function securityOf({ access }: Route): object {
  if (access === 'public') return { security: [] };
  return {
    security: [{ session: [] }, ...(access.scope ? [{ token: [access.scope] }] : [])],
    description: `Roles: ${access.roles.join(', ')}.${access.scope ? ` Token scope: ${access.scope}.` : ''}`,
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): object[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(field as z.ZodType, 'input'),
  }));
}

function bodyOf(one: Route): object {
  const content = one.bodyStream
    ? Object.fromEntries(one.bodyStream.map((type) => [type, { schema: { type: 'string' } }]))
    : one.body && { 'application/json': { schema: schemaOf(one.body, 'input') } };
  return content ? { requestBody: { required: true, content } } : {};
}

function contentOf(one: Route): object {
  if (one.answerFile) return { content: { [one.answerFile]: { schema: { type: 'string' } } } };
  if (!one.answer) return {};
  return { content: { 'application/json': { schema: schemaOf(one.answer, 'output') } } };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
