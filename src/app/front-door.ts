// Where calls are told apart: health and metrics, the admin API, and everything else to the gateway.

import { DASHBOARD_PATH } from "#control/api/dashboard-path.ts";
import { faultResponse } from "#control/api/fault-response.ts";
import { GatewayError } from "#core/errors.ts";
import type { ListenedCall } from "#platform/listener.ts";

/** What stands behind the door. */
export interface FrontDoorParts {
  readonly gateway: {
    handle(call: ListenedCall): Promise<Response>;
    readonly isServing: boolean;
  };
  /** Answers calls below `/admin/v1/`, and for the dashboard. */
  readonly admin: (request: Request, path: string) => Promise<Response>;
  readonly renderMetrics: () => Response;
  readonly isAdminBearer: (request: Request) => boolean;
  readonly areMetricsPublic: () => boolean;
}

/** Which calls a listener takes: with `admin_listen`, admin and metrics have a listener of their own. */
export type Door = "everything" | "calls" | "admin";

/** What answers without a credential, and with nothing but the state of the process. */
export const PROBES: readonly string[] = ["/", "/healthz", "/readyz"];
/** Behind the admin key unless `server.metrics: public`. */
export const METRICS_PATH = "/metrics";

const METHODS_OF_PROBES = new Set(["GET", "HEAD"]);

/** The handler of a listener. */
export function frontDoor(parts: FrontDoorParts, door: Door) {
  return (call: ListenedCall): Promise<Response> | Response => {
    const { path, request } = call;
    if (PROBES.includes(path)) return probe(path, request.method, parts);
    if (isForAdmins(path) ? door === "calls" : door === "admin") return notHere();
    if (path === METRICS_PATH) return metrics(request, parts);
    return isForAdmins(path) ? parts.admin(request, path) : parts.gateway.handle(call);
  };
}

function isForAdmins(path: string): boolean {
  return path === METRICS_PATH || path === DASHBOARD_PATH || path.startsWith("/admin/");
}

/** Probes tell that the process is alive or ready, and nothing else. */
function probe(path: string, method: string, parts: FrontDoorParts): Response {
  if (!METHODS_OF_PROBES.has(method)) return wrongMethod();
  if (path !== "/readyz") return plain(200, "ok\n");
  return parts.gateway.isServing ? plain(200, "ready\n") : plain(503, "not ready\n");
}

function metrics(request: Request, parts: FrontDoorParts): Response {
  if (!METHODS_OF_PROBES.has(request.method)) return wrongMethod();
  if (!parts.areMetricsPublic() && !parts.isAdminBearer(request)) {
    const message = "Send the admin key as a bearer token, or set server.metrics: public.";
    const headers = { "www-authenticate": "Bearer" };
    return faultResponse(new GatewayError("invalid_key", message, { headers }));
  }
  return parts.renderMetrics();
}

function notHere(): Response {
  return faultResponse(new GatewayError("unknown_route", "There is no such path on this address."));
}

function wrongMethod(): Response {
  const headers = { allow: "GET, HEAD" };
  return faultResponse(
    new GatewayError("method_not_allowed", "Use GET or HEAD here.", { headers }),
  );
}

function plain(status: number, text: string): Response {
  return new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}
