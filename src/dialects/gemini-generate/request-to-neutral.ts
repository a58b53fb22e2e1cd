// A generateContent body to the neutral form (ai.google.dev/api/generate-content, 2026-08).

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { NeutralRequest, TextPart, VendorPart } from "../neutral.ts";
import { readConfig } from "./config-to-neutral.ts";
import { countedRequest } from "./counted-request.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { requestFields } from "./fields.ts";
import { vendorPart } from "./parts-to-neutral.ts";
import { readToolChoice, readTools } from "./tools-to-neutral.ts";
import { readTurns } from "./turns-to-neutral.ts";

const BODY_FIELDS = new Set([
  // The model stands in the path; `facts` has it.
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "serviceTier",
]);
const TIERS: ReadonlyMap<string, string> = new Map([
  ["standard", "default"],
  ["flex", "flex"],
  ["priority", "priority"],
]);

/**
 * Reads a request. Everything that the neutral form has no place for (`safetySettings`,
 * `cachedContent`, `labels`, unknown fields) stands in `extras` under its camelCase path.
 * @throws GatewayError `invalid_request` with the path of what cannot be understood
 */
export function requestToNeutral(body: JsonObject, facts: CallFacts): NeutralRequest {
  const fields = countedRequest(requestFields(body), facts.operation);
  if (!fields.has("contents")) throw invalidRequest("contents", 'The request needs "contents".');
  const extras = new Map<string, Json>();
  const { tools, vendorTools } = readTools(fields, extras);
  const toolChoice = readToolChoice(fields, extras);
  const serviceTier = readTier(fields, extras);
  for (const [name, value] of fields.rest(BODY_FIELDS)) extras.set(name, value);
  return {
    origin: GEMINI_GENERATE,
    model: facts.model,
    stream: facts.stream,
    instructions: readInstructions(fields),
    turns: readTurns(fields.objects("contents")),
    tools,
    vendorTools,
    ...(toolChoice !== undefined && { toolChoice }),
    ...readConfig(fields, extras),
    ...(serviceTier !== undefined && { serviceTier }),
    extras,
  };
}

/** A Content, its parts alone, or plain text. */
function readInstructions(body: Fields): (TextPart | VendorPart)[] {
  const value = body.value("systemInstruction");
  if (typeof value === "string") return [{ kind: "text", text: value }];
  const content = body.object("systemInstruction");
  if (content === undefined) return [];
  const parts = content.has("parts") ? content.objects("parts") : [content];
  return parts.flatMap((part): (TextPart | VendorPart)[] => {
    const text = part.string("text");
    if (text !== undefined) return [{ kind: "text", text }];
    const other = vendorPart(part);
    return other.kind === "vendor" && part !== content ? [other] : [];
  });
}

function readTier(body: Fields, extras: Map<string, Json>): string | undefined {
  const tier = body.string("serviceTier");
  if (tier === undefined) return undefined;
  const known = TIERS.get(tier.toLowerCase());
  if (known === undefined) extras.set("serviceTier", tier);
  return known;
}
