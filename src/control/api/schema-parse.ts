// Checks a value by a schema and says in our own errors what is wrong with it.

import type { z } from "zod";
import { GatewayError, invalidRequest } from "#core/errors.ts";

/** Marks an issue as: known, but its engine is not built yet. Goes into `params.code`. */
export const NOT_AVAILABLE = "not_available";

/**
 * The value as the schema gives it out.
 * @throws GatewayError `invalid_request` or `not_available` with the path of the first fault
 */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  if (first === undefined) throw invalidRequest("", "The request is not valid.");
  const path = formatPath(first.path);
  if (first.code === "unrecognized_keys") {
    const name = formatPath([...first.path, first.keys[0] ?? ""]);
    throw invalidRequest(name, `There is no field called ${name}.`);
  }
  if (first.code === "custom" && first.params?.["code"] === NOT_AVAILABLE) {
    throw new GatewayError("not_available", first.message, { param: path });
  }
  throw invalidRequest(path, path === "" ? `${first.message}.` : `${path}: ${first.message}.`);
}

/** Writes a path as people do: `models[0].name`. Names are the schema's own or quoted and cut. */
function formatPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else {
      const name = /^\w{1,60}$/.test(String(step))
        ? String(step)
        : JSON.stringify(String(step).slice(0, 60));
      text += text === "" ? name : `.${name}`;
    }
  }
  return text;
}
