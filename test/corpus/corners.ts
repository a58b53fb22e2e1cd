// The dialects that take part in the matrix, each with the provider that stands for it. Dialects join by
// being registered with the program, and by a line here.

import type { DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import type { Dialect, Translation } from "#dialects/dialect.ts";
import { DIALECTS } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import { shapeBody } from "#gateway/stages/shape.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import { parseBody } from "#wire/json-body.ts";
import type { SampledRequest } from "./samples.ts";

/** A dialect with somebody who speaks it. */
export interface Corner {
  readonly id: DialectId;
  readonly dialect: Dialect;
  readonly translation: Translation;
  readonly kind: string;
  /** False for dialects that upstreams alone speak. */
  readonly isSpokenByClients: boolean;
  /** The models that requests are written for: one that reasons and one that does not. */
  readonly models: { readonly reasoning: string; readonly plain: string };
}

interface Voice {
  readonly id: DialectId;
  readonly kind: string;
  readonly models: Corner["models"];
}

const VOICES: readonly Voice[] = [
  { id: "openai-chat", kind: "openai", models: { reasoning: "gpt-5.2", plain: "gpt-4.1" } },
  { id: "openai-responses", kind: "openai", models: { reasoning: "gpt-5.2", plain: "gpt-4.1" } },
  {
    id: "anthropic-messages",
    kind: "anthropic",
    models: { reasoning: "claude-sonnet-4-6", plain: "claude-sonnet-4-6" },
  },
  {
    id: "gemini-generate",
    kind: "gemini",
    models: { reasoning: "gemini-3-flash-preview", plain: "gemini-3-flash-preview" },
  },
  {
    id: "bedrock-converse",
    kind: "bedrock",
    models: {
      reasoning: "us.anthropic.claude-sonnet-4-6-v1:0",
      plain: "us.anthropic.claude-sonnet-4-6-v1:0",
    },
  },
  {
    id: "cohere-chat",
    kind: "cohere",
    models: { reasoning: "command-a-reasoning-08-2025", plain: "command-a-03-2025" },
  },
  { id: "ollama-chat", kind: "ollama", models: { reasoning: "qwen3", plain: "llama3.2" } },
];

/** Dialects that a route takes from clients. */
const CLIENTS: ReadonlySet<DialectId> = new Set([
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini-generate",
]);

/** The corners whose dialect and kind are built. */
export const CORNERS: readonly Corner[] = VOICES.flatMap((voice) => {
  const dialect = DIALECTS.get(voice.id);
  const translation = dialect?.translation;
  const isSpoken = PROVIDER_KINDS.has(voice.kind);
  if (dialect === undefined || translation === undefined || !isSpoken) return [];
  return [{ ...voice, dialect, translation, isSpokenByClients: CLIENTS.has(voice.id) }];
});

/** Every dialect of clients with every other one of upstreams. */
export const EDGES: readonly { readonly from: Corner; readonly to: Corner }[] = CORNERS.filter(
  ({ isSpokenByClients }) => isSpokenByClients,
).flatMap((from) => CORNERS.filter((to) => to !== from).map((to) => ({ from, to })));

/** Reads a recorded request as the gateway does. */
export function neutralOf(corner: Corner, request: SampledRequest): NeutralRequest {
  const body = structuredClone(request.body);
  return corner.translation.requestToNeutral(body, factsOf(corner, request, body));
}

/** What the dialect reads of a recorded call before anything else. */
export function factsOf(
  corner: Corner,
  request: Pick<SampledRequest, "model" | "isStream">,
  body: JsonObject,
) {
  const isInBody = typeof body["model"] === "string";
  const model = isInBody ? "" : request.model;
  const stream = isInBody ? undefined : request.isStream;
  return corner.dialect.read(body, { operation: "generate", model, stream });
}

/** A request as it goes to an upstream, and what was said of it. */
export interface Written {
  readonly body: JsonObject;
  readonly notices: readonly Notice[];
}

/** Who a request goes to. */
interface Target {
  readonly kind: string;
  readonly model: string;
}

/** The model of a corner that can do what a request wants of its reasoning. */
export function targetOf(to: Corner, { reasoning }: NeutralRequest): Target {
  const wantsReasoning = reasoning !== undefined && reasoning.effort !== "none";
  return { kind: to.kind, model: wantsReasoning ? to.models.reasoning : to.models.plain };
}

/** The vendor and the model that a recorded request went to. */
export function homeOf(from: Corner, request: SampledRequest): Target {
  const [, folder = ""] = request.name.split("/");
  const vendor = folder.replace(/-[a-z]+(?:-generate)?$/, "").replace(/-stream$/, "");
  const isKnown = PROVIDER_KINDS.get(vendor)?.speaks[from.id] !== undefined;
  return { kind: isKnown ? vendor : from.kind, model: request.model };
}

/** Writes a request for a corner's provider, through the stage of the gateway that does so. */
export function writtenFor(to: Corner, neutral: NeutralRequest, target: Target): Written {
  const body = parseBody(new TextEncoder().encode("{}"));
  const facts = { ...NO_FACTS, dialect: neutral.origin, stream: neutral.stream };
  const order = { dialect: to.id, ...target };
  const shaped = shapeBody(order, { body, facts, neutral: () => neutral });
  return { body: JSON.parse(String(shaped.payload)), notices: shaped.notices };
}

const NO_FACTS = {
  operation: "generate",
  model: "",
  wantsUsage: true,
  textLength: 0,
  maxOutputTokens: 0,
  choices: 1,
  messageCount: 1,
  toolCount: 0,
  imageCount: 0,
  audioCount: 0,
  fileCount: 0,
  hasSchema: false,
  reasoning: false,
  user: "",
  metadata: {},
} as const;

/** Reads back what was written for an upstream, as if a client of its dialect had sent it. */
export function readBack(to: Corner, body: JsonObject, isStream: boolean): NeutralRequest {
  return to.translation.requestToNeutral(body, factsOf(to, { model: "any", isStream }, body));
}

/** Members that point at what the vendor keeps, which is refused before any translation. */
const STORED = ["previous_response_id", "conversation", "background"] as const;

/** What its own vendor refused says nothing about a translation. */
export function isAnswered({ status, body }: SampledRequest): boolean {
  return status === 200 && STORED.every((name) => (body[name] ?? false) === false);
}
