// Calls of the contract whose engines are not built yet: they say so instead of not being there.

import { z } from "zod";
import { GatewayError } from "#core/errors.ts";
import { DASHBOARD_PATH } from "./dashboard-path.ts";
import type { AdminRoute, RouteHead } from "./route.ts";

function unbuilt(id: string, method: RouteHead["method"], path: string): AdminRoute {
  return {
    id,
    method,
    path,
    permission: method === "GET" ? "admin:read" : "admin:write",
    reach: "installation",
    summary: "Not available yet.",
    status: 200,
    query: z.looseObject({}),
    body: undefined,
    response: undefined,
    run: async () => {
      throw new GatewayError("not_available", `${method} ${path} is not available yet.`);
    },
  };
}

/** The routes. */
export const UNBUILT_ROUTES: readonly AdminRoute[] = [
  unbuilt("listLedger", "GET", "/admin/v1/ledger"),
  unbuilt("listBudgets", "GET", "/admin/v1/budgets"),
  unbuilt("explain", "POST", "/admin/v1/explain"),
  unbuilt("replay", "POST", "/admin/v1/replay"),
  unbuilt("dashboard", "GET", DASHBOARD_PATH),
];
