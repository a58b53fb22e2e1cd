// The edits of a body that passes through to Gemini.

import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asString, isJsonObject } from "#core/json.ts";
import type { BodyEdits } from "../dialect.ts";
import { camelName } from "./fields.ts";
import { isEnvelope, isSentinel, SIGNATURE_SENTINEL } from "./signatures.ts";

/**
 * Mostly none: the model and streaming stand in the URL, and usage always comes. What is edited is a
 * model name that a client repeats in the body (it must never disagree with the URL), and envelopes
 * of ours, which carry another vendor's state and mean nothing to Google.
 */
export function editBody(_facts: CallFacts, model: string, body: JsonObject): BodyEdits {
  const edits = new Map<string, Json | undefined>();
  for (const [key, value] of Object.entries(body)) {
    const name = camelName(key);
    if (name === "model") edits.set(key, undefined);
    if (name === "contents") {
      const cleaned = cleanContents(value);
      if (cleaned !== value) edits.set(key, cleaned);
    }
    if (name === "generateContentRequest" && isJsonObject(value)) {
      edits.set(key, editCounted(value, model));
    }
  }
  return edits;
}

/** The request inside a counting call names its model itself, as `models/…`. */
function editCounted(request: JsonObject, model: string): JsonObject {
  const cleaned = Object.entries(request).map(([key, value]) => {
    return [key, camelName(key) === "contents" ? cleanContents(value) : value] as const;
  });
  return { ...Object.fromEntries(cleaned), model: `models/${model}` };
}

/** The same value when no envelope is in it. */
function cleanContents(contents: Json | undefined): Json | undefined {
  return cleanEach(contents, (content) => {
    const parts = cleanEach(content["parts"], cleanPart);
    return parts === content["parts"] ? content : { ...content, parts };
  });
}

function cleanPart(part: JsonObject): JsonObject | undefined {
  const key = part["thoughtSignature"] === undefined ? "thought_signature" : "thoughtSignature";
  const signature = asString(part[key]);
  if (signature === undefined || isSentinel(signature) || !isEnvelope(signature)) return part;
  const { [key]: _envelope, ...rest } = part;
  const isCall = part["functionCall"] !== undefined || part["function_call"] !== undefined;
  if (isCall) return { ...rest, [key]: SIGNATURE_SENTINEL };
  // A part that held nothing but the envelope would be an empty part.
  return rest["text"] === "" ? undefined : rest;
}

function cleanEach(
  value: Json | undefined,
  clean: (item: JsonObject) => JsonObject | undefined,
): Json | undefined {
  const items = Array.isArray(value) ? value : [value];
  const cleaned = items.map((item) => (isJsonObject(item) ? clean(item) : item));
  if (cleaned.every((item, index) => item === items[index])) return value;
  return cleaned.filter((item) => item !== undefined);
}
