// Model lists: what this caller may ask for, in the caller's dialect. No exchange, no upstream.

import type { Caller } from "#core/caller.ts";
import { GatewayError } from "#core/errors.ts";
import type { Dialect } from "#dialects/dialect.ts";
import { modelsFor } from "#policy/routing/resolve-model.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { ModelsRoute } from "./routes.ts";

/**
 * The list, or one entry of it.
 * @throws GatewayError `unknown_model` when the caller has no such model
 */
export function answerModels(
  route: ModelsRoute,
  dialect: Dialect,
  caller: Caller,
  snapshot: Snapshot,
): Response {
  const models = modelsFor(caller, snapshot);
  if (route.model === "") return json(dialect.modelList(models));
  const wanted = route.model.replace(/^models\//, "");
  const model = models.find(({ id }) => id === wanted);
  if (model === undefined) {
    throw new GatewayError(
      "unknown_model",
      "There is no such model for this key. GET /v1/models lists those there are.",
      { param: "model" },
    );
  }
  return json(dialect.modelEntry(model));
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body), {
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
