// Where calls are told apart: health and metrics, the admin API, and everything else to the gateway.

import type { ListenedCall } from "#platform/listener.ts";

/** What stands behind the door. */
export interface FrontDoorParts {
  readonly gateway: {
    handle(call: ListenedCall): Promise<Response>;
    readonly isServing: boolean;
  };
  /** Answers calls below `/admin/v1/`. */
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
    const isForAdmins = path === METRICS_PATH || path.startsWith("/admin/");
    if (isForAdmins) {
      if (door === "calls") return plain(404, "not found\n");
      return path === METRICS_PATH ? metrics(request, parts) : parts.admin(request, path);
    }
    if (door === "admin") return plain(404, "not found\n");
    return parts.gateway.handle(call);
  };
}

/** Probes tell that the process is alive or ready, and nothing else. */
function probe(path: string, method: string, parts: FrontDoorParts): Response {
  if (!METHODS_OF_PROBES.has(method)) return plain(405, "", { allow: "GET, HEAD" });
  if (path !== "/readyz") return plain(200, "ok\n");
  return parts.gateway.isServing ? plain(200, "ready\n") : plain(503, "not ready\n");
}

function metrics(request: Request, parts: FrontDoorParts): Response {
  if (!METHODS_OF_PROBES.has(request.method)) return plain(405, "", { allow: "GET, HEAD" });
  if (!parts.areMetricsPublic() && !parts.isAdminBearer(request)) {
    return plain(401, "Send the admin key as a bearer token, or set server.metrics: public.\n", {
      "www-authenticate": "Bearer",
    });
  }
  return parts.renderMetrics();
}

function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    },
  });
}
