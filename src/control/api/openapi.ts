// The OpenAPI document of the admin API, made from the same table that serves it.

import { z } from "zod";
import type { Json, JsonObject } from "#core/json.ts";
import type { AdminRoute } from "./route.ts";

const JSON_TYPE = "application/json";

const ERROR: JsonObject = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        path: { type: ["string", "null"] },
        hint: { type: "string" },
      },
      required: ["code", "message", "path", "hint"],
    },
  },
  required: ["error"],
};

/**
 * Builds the document.
 * @param version of Sluice
 */
export function openApiDocument(routes: readonly AdminRoute[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const one of routes) {
    if (one.response === undefined) continue;
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: operation(one) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Sluice admin API", version, license: { name: "Apache-2.0" } },
    security: [{ adminKey: [] }],
    paths,
    components: {
      securitySchemes: { adminKey: { type: "http", scheme: "bearer" } },
      schemas: { Error: ERROR },
    },
  };
}

function operation(one: AdminRoute): JsonObject {
  return {
    operationId: one.id,
    summary: one.summary,
    "x-permission": one.permission,
    parameters: [...pathParameters(one), ...queryParameters(one)],
    ...(one.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { [JSON_TYPE]: { schema: schemaOf(one.body, "input") } },
          },
        }),
    responses: { [one.status]: success(one), default: failure() },
  };
}

function success({ status, response }: AdminRoute): JsonObject {
  if (status === 204 || response === undefined) return { description: "Done." };
  return {
    description: "Done.",
    content: { [JSON_TYPE]: { schema: schemaOf(response, "output") } },
  };
}

function failure(): JsonObject {
  const schema = { $ref: "#/components/schemas/Error" };
  return { description: "Refused or failed.", content: { [JSON_TYPE]: { schema } } };
}

function pathParameters({ path }: AdminRoute): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: AdminRoute): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: schema as Json,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest as Json;
}
