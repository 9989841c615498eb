/**
 * The form of every route: what it takes, what it answers, who may call it. The parsing, the check
 * of our own answers and the OpenAPI document come from the same declarations.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { isTheirs, ScopeRefused } from '../engine/ports/scope.ts';
import type { Queries } from '../engine/queries.ts';
import { given } from '../lib/given.ts';
import { isId } from '../lib/ids.ts';
import type { Addresses } from './addresses.ts';
import type { Access } from './auth.ts';
import { type Caller, scopeOf } from './caller.ts';
import { parsed } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyPaced?: boolean;
  }
}

export type Asked<Params, Query, Body> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  /** IP address of the caller. */
  readonly address: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/**
 * How far a route reaches, of what is of creditors.
 *
 * - `none`: nothing of it;
 * - `house`: everything, and refused to accounts that are limited to creditors;
 * - `campaign`: the campaign in the path (`:id`), and refused where it is not theirs;
 * - `creditors`: what is theirs, and the rest is left out or refused;
 * - `command`: what the engine lets them steer (`engine/command-reach.ts`).
 */
export type RouteReach = 'none' | 'house' | 'campaign' | 'creditors' | 'command';

export type RouteSpec<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path, with `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly reach: RouteReach;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Field of the body that holds rows of a list, of which a broken one costs itself only. */
  readonly bodyRows?: string;
  readonly bodyBytesMax?: number;
  /** A long body, bounded by the least pace; absent when the request's deadline applies. */
  readonly bodyPaced?: true;
  /**
   * Content types of a body that the handler reads itself from `request.raw`; absent when it is
   * parsed.
   */
  readonly bodyStream?: readonly string[];
  readonly status?: 200 | 201;
  /** Schema of the answer; absent for an empty 204. */
  readonly answer?: Answer;
  /** Type of a file that the handler sends itself instead of an answer. */
  readonly answerFile?: string;
  handle(
    asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>,
  ): Promise<NoInfer<z.input<Answer>>> | NoInfer<z.input<Answer>>;
};

/** A route with its types erased; they were checked at its declaration. */
export type Route = Omit<RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'handle'> & {
  handle(asked: Asked<unknown, unknown, unknown>): unknown;
};

export function route<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
>(spec: RouteSpec<Params, Query, Body, Answer>): Route {
  return spec as unknown as Route;
}

/** What all routes are served with. */
type Means = { readonly addresses: Addresses; readonly queries: Pick<Queries, 'campaign'> };

export function addRoutes(app: FastifyInstance, routes: readonly Route[], means: Means): void {
  for (const one of routes) {
    if (one.bodyStream) addStreamRoute(app, one, one.bodyStream, means);
    else addRoute(app, one, means);
  }
}

/** Adds a route in its own scope, where no parser touches the body. */
function addStreamRoute(
  app: FastifyInstance,
  one: Route,
  types: readonly string[],
  means: Means,
): void {
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...types], (_request, _payload, parsedBody) => parsedBody(null));
    addRoute(scope, one, means);
    done();
  });
}

/** Throws ScopeRefused where the route is not for the caller's scope. */
function requireReach(
  { method, path, reach }: Route,
  params: unknown,
  caller: Caller,
  means: Means,
) {
  const scope = scopeOf(caller);
  if (scope.kind === 'house' || (reach !== 'house' && reach !== 'campaign')) return;
  const { id = '' } = (params ?? {}) as { readonly id?: string };
  const campaign = isId('campaign', id) ? means.queries.campaign(id) : undefined;
  // What is no campaign is answered by the route itself.
  const isForThem = reach === 'campaign' && (!campaign || isTheirs(scope, campaign.creditorIds));
  if (!isForThem) throw new ScopeRefused(`${method} ${path}`, scope);
}

function addRoute(app: FastifyInstance, one: Route, means: Means): void {
  app.route({
    method: one.method,
    url: one.path,
    config: { access: one.access, bodyPaced: one.bodyPaced ?? false },
    ...given({ bodyLimit: one.bodyBytesMax }),
    async handler(request, reply) {
      const params = one.params && parsed(one.params, request.params, 'params');
      requireReach(one, params, request.caller, means);
      const answer = await one.handle({
        params,
        query: one.query && parsed(one.query, request.query, 'query'),
        body: one.body && parsed(one.body, request.body, 'body', one.bodyRows),
        caller: request.caller,
        address: means.addresses.of(request.raw),
        request,
        reply,
      });
      if (one.answerFile) return reply;
      if (!one.answer) return reply.code(204).send();
      // Parsing our own answer drops fields that the schema does not name.
      if (one.status) reply.code(one.status);
      return reply.send(one.answer.parse(answer));
    },
  });
}
