// The way into the admin API: authenticate, find the route, check what came in, answer in one form.

import type { Principal } from "#core/caller.ts";
import { GatewayError, invalidRequest, toGatewayError } from "#core/errors.ts";
import { exchangeId, requestIdOf } from "#core/ids.ts";
import { isUnscoped, principalOf } from "../access/admin-credential.ts";
import type { AdminDependencies } from "./admin-dependencies.ts";
import { ADMIN_HEADERS, faultResponse } from "./fault-response.ts";
import { readBody } from "./read-body.ts";
import type { AdminRoute } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** Answers requests below `/admin/v1/`. Never rejects. */
export type AdminApi = (request: Request, path: string) => Promise<Response>;

/**
 * Makes the admin API.
 * @returns a handler that takes the request and its path without the query
 */
export function createAdminApi(dependencies: AdminDependencies): AdminApi {
  const { clock, random, emit } = dependencies;
  const answered = async (request: Request, path: string): Promise<Response> => {
    try {
      return await answer(request, path, dependencies);
    } catch (thrown) {
      const error = toGatewayError(thrown);
      if (error.status >= 500) emit({ type: "fault-caught", where: "admin", error: thrown });
      return faultResponse(error);
    }
  };
  return async (request, path) => {
    const reply = await answered(request, path);
    reply.headers.set("x-request-id", requestIdOf(exchangeId(clock.now(), random.bytes(10))));
    return reply;
  };
}

async function answer(
  request: Request,
  path: string,
  dependencies: AdminDependencies,
): Promise<Response> {
  // Who is nobody learns nothing, not even which routes there are.
  const principal = principalOf(request.headers, dependencies.adminKey);
  if (principal === undefined) {
    throw new GatewayError("invalid_key", "Send the admin key as Authorization: Bearer ….", {
      headers: { "www-authenticate": "Bearer" },
    });
  }
  const { route, params } = findRoute(request.method, path);
  authorize(principal, route);
  const query = readQuery(request.url);
  const body =
    route.body === undefined ? undefined : dependencies.parseJson(await readBody(request));
  const call = { principal, params, query, headers: request.headers, body };
  const result = await route.run(call, dependencies);
  return result.body === undefined
    ? new Response(null, { status: route.status, headers: { ...ADMIN_HEADERS, ...result.headers } })
    : Response.json(result.body, {
        status: route.status,
        headers: { ...ADMIN_HEADERS, ...result.headers },
      });
}

function authorize(principal: Principal, route: AdminRoute): void {
  if (!principal.permissions.has(route.permission)) {
    throw new GatewayError("forbidden", `This needs the permission ${route.permission}.`);
  }
  if (route.reach === "installation" && !isUnscoped(principal)) {
    throw new GatewayError("forbidden", "This is about the whole installation.");
  }
}

function findRoute(
  method: string,
  path: string,
): { route: AdminRoute; params: Readonly<Record<string, string>> } {
  const allowed: string[] = [];
  for (const route of ROUTES) {
    const params = matchPath(route.path, path);
    if (params === undefined) continue;
    if (route.method === method) return { route, params };
    allowed.push(route.method);
  }
  if (allowed.length === 0) {
    throw new GatewayError("unknown_route", "The admin API has no such path.");
  }
  const allow = allowed.join(", ");
  throw new GatewayError("method_not_allowed", `This path takes ${allow}.`, { headers: { allow } });
}

/** The values of the pattern's `{…}` segments, or undefined when the path is another. */
function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const expected = pattern.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name === undefined && segment !== value) return undefined;
    if (name !== undefined && value === "") return undefined;
    if (name !== undefined) params[name] = decodeSegment(value);
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidRequest("", "The path is not valid percent-encoding.");
  }
}

function readQuery(url: string): Readonly<Record<string, string>> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URL(url).searchParams) {
    if (name in query) throw invalidRequest(name.slice(0, 60), "A query field was sent twice.");
    query[name] = value;
  }
  return { ...query };
}
