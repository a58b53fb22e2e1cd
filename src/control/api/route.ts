// One route of the admin API: what it is called, who may call it, what goes in and out.

import { z } from "zod";
import type { Permission, Principal } from "#core/caller.ts";
import type { Json } from "#core/json.ts";
import type { AdminDependencies } from "./admin-dependencies.ts";
import { parseWith } from "./schema-parse.ts";

/** A request after authentication, before its schemas. */
export interface RawCall {
  readonly principal: Principal;
  /** Values of the `{…}` parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** Undefined when the route takes no body. */
  readonly body: unknown;
}

/** A request as a handler sees it. */
export interface AdminCall<Query, Body> extends Omit<RawCall, "query" | "body"> {
  readonly query: Query;
  readonly body: Body;
}

/** What a handler answers. */
export interface AdminResult {
  /** Left out for 204. */
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What every route says of itself. */
export interface RouteHead {
  /** Name in the OpenAPI document. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With `{name}` for one path segment. */
  readonly path: string;
  readonly permission: Permission;
  /** `installation`: closed to principals that are bound to tenants. */
  readonly reach: "tenant" | "installation";
  readonly summary: string;
  readonly status: 200 | 201 | 204;
}

/** A route as its file declares it. */
export interface RouteDefinition<Query extends z.ZodObject, Body extends z.ZodType>
  extends RouteHead {
  readonly query: Query;
  readonly body: Body;
  readonly response: z.ZodType;
  handle(
    call: AdminCall<z.output<Query>, z.output<Body>>,
    dependencies: AdminDependencies,
  ): Promise<AdminResult>;
}

/** A route as the table holds it. */
export interface AdminRoute extends RouteHead {
  readonly query: z.ZodObject;
  /** Undefined: no body is read. */
  readonly body: z.ZodType | undefined;
  /** Undefined: the route is known and answers `not_available`. */
  readonly response: z.ZodType | undefined;
  run(call: RawCall, dependencies: AdminDependencies): Promise<AdminResult>;
}

/** Query of routes that take none. */
export const NO_QUERY = z.strictObject({});
/** Body of routes that take none, and answer of those that give none. */
export const NO_BODY = z.undefined();

/** Puts a route together; query and body reach the handler checked. */
export function route<Query extends z.ZodObject, Body extends z.ZodType>(
  definition: RouteDefinition<Query, Body>,
): AdminRoute {
  const { handle, body, ...head } = definition;
  return {
    ...head,
    body: body instanceof z.ZodUndefined ? undefined : body,
    run: (call, dependencies) =>
      handle(
        {
          ...call,
          query: parseWith(definition.query, call.query),
          body: parseWith(body, call.body),
        },
        dependencies,
      ),
  };
}
