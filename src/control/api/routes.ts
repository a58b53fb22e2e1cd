// The table of the admin API. What is not in it does not exist.

import { z } from "zod";
import { CONFIG_ROUTES } from "./config.ts";
import { DECISION_ROUTES } from "./decisions.ts";
import { KEY_ROUTES } from "./keys.ts";
import { openApiDocument } from "./openapi.ts";
import { type AdminRoute, NO_BODY, NO_QUERY, route } from "./route.ts";
import { TARGET_ROUTES } from "./targets.ts";
import { UNBUILT_ROUTES } from "./unbuilt.ts";
import { USAGE_ROUTES } from "./usage.ts";

const getOpenApi = route({
  id: "getOpenApi",
  method: "GET",
  path: "/admin/v1/openapi.json",
  permission: "admin:read",
  reach: "tenant",
  summary: "This API as an OpenAPI document.",
  status: 200,
  query: NO_QUERY,
  body: NO_BODY,
  response: z.looseObject({ openapi: z.string() }),
  async handle(_, { version }) {
    return { body: openApiDocument(ROUTES, version) };
  },
});

/** All routes. */
export const ROUTES: readonly AdminRoute[] = [
  ...KEY_ROUTES,
  ...USAGE_ROUTES,
  ...DECISION_ROUTES,
  ...TARGET_ROUTES,
  ...CONFIG_ROUTES,
  getOpenApi,
  ...UNBUILT_ROUTES,
];
