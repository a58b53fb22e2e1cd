// Members of a request that the neutral form has no place for, written back when the request goes to an
// upstream of this API after all: where only the shape of the answer had to be put in other words.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { NeutralRequest } from "../neutral.ts";
import { OPENAI_RESPONSES } from "./dialect-id.ts";

const NESTED = /^(reasoning|text)\.([^.[\]]+)$/;

/** Writes into a finished body what can be. @returns the paths that have found their place */
export function restoreExtras(request: NeutralRequest, body: JsonObject): ReadonlySet<string> {
  const written = new Set<string>();
  if (request.origin !== OPENAI_RESPONSES) return written;
  for (const [path, value] of request.extras) {
    if (restore(body, path, value)) written.add(path);
  }
  return written;
}

function restore(body: JsonObject, path: string, value: Json): boolean {
  const [, owner = "", key = ""] = NESTED.exec(path) ?? [];
  if (owner !== "") return setMember(body, owner, { [key]: value, ...asObject(body[owner]) });
  if (path === "include") {
    return setMember(body, path, [...new Set([...asArray(body[path]), ...asArray(value)])]);
  }
  return !/[.[]/.test(path) && !Object.hasOwn(body, path) && setMember(body, path, value);
}

function setMember(body: JsonObject, key: string, value: Json): boolean {
  if (key === "__proto__") return false;
  body[key] = value;
  return true;
}
