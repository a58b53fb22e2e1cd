// A neutral request as a generateContent body (ai.google.dev/api/generate-content, 2026-08).

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject, asString } from "#core/json.ts";
import type { UpstreamContext } from "../dialect.ts";
import { announceExtras } from "../extras.ts";
import type { NeutralRequest } from "../neutral.ts";
import { writeConfig } from "./config-for-upstream.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import { writeServerSide, writeToolChoice, writeTools } from "./tools-for-upstream.ts";
import { writeConversation } from "./turns-for-upstream.ts";

const TIERS: ReadonlyMap<string, string> = new Map([
  ["default", "standard"],
  ["flex", "flex"],
  ["priority", "priority"],
]);

/** Objects of the body that fields of the origin may stand in, longest first. */
const PLACES = [
  ["generationConfig", "thinkingConfig"],
  ["toolConfig", "functionCallingConfig"],
  ["generationConfig"],
  ["toolConfig"],
] as const;
const DECLARATION = "functionDeclarations.";

/**
 * Writes a request. Model and streaming stand in the URL, which is the provider's to build.
 * @throws GatewayError `unsupported_feature` naming what the model cannot take
 */
export function requestFromNeutral(request: NeutralRequest, context: UpstreamContext): JsonObject {
  const { systemInstruction, contents } = writeConversation(request, context);
  const tools = writeTools(request, context);
  const functionCallingConfig = writeToolChoice(request, context);
  const toolConfig = {
    ...(functionCallingConfig !== undefined && { functionCallingConfig }),
    ...writeServerSide(request),
  };
  const generationConfig = writeConfig(request, context);
  const serviceTier = writeTier(request, context);
  const body: JsonObject = {
    ...(systemInstruction !== undefined && { systemInstruction }),
    contents: [...contents],
    ...(tools !== undefined && { tools }),
    ...(Object.keys(toolConfig).length > 0 && { toolConfig }),
    ...(Object.keys(generationConfig).length > 0 && { generationConfig }),
    ...(serviceTier !== undefined && { serviceTier }),
  };
  if (request.user !== undefined) context.notice("dropped", "user");
  if (request.metadata !== undefined) context.notice("dropped", "metadata");
  if (request.origin !== GEMINI_GENERATE) announceExtras(request.extras, context);
  else for (const [path, value] of request.extras) restore(body, path, value);
  return body;
}

function writeTier(request: NeutralRequest, context: UpstreamContext): string | undefined {
  const { serviceTier } = request;
  if (serviceTier === undefined || serviceTier === "auto") return undefined;
  const tier = TIERS.get(serviceTier);
  if (tier === undefined) context.notice("dropped", "service_tier");
  return tier;
}

/** Puts a field of this dialect back where it was read from. */
function restore(body: JsonObject, path: string, value: Json): void {
  if (path.startsWith(DECLARATION)) {
    restoreDeclared(body, path.slice(DECLARATION.length), value);
    return;
  }
  const place = PLACES.find((steps) => path.startsWith(`${steps.join(".")}.`));
  const key = place === undefined ? path : path.slice(place.join(".").length + 1);
  let target = body;
  for (const step of place ?? []) {
    const inner = asObject(target[step]) ?? {};
    target[step] = inner;
    target = inner;
  }
  target[key] = value;
}

/** A field of a declaration, found by the name of its function: `get_weather.behavior`. */
function restoreDeclared(body: JsonObject, path: string, value: Json): void {
  const end = path.lastIndexOf(".");
  for (const entry of asArray(body["tools"])) {
    for (const declaration of asArray(asObject(entry)?.["functionDeclarations"])) {
      const fields = asObject(declaration);
      if (fields !== undefined && asString(fields["name"]) === path.slice(0, end)) {
        fields[path.slice(end + 1)] = value;
      }
    }
  }
}
