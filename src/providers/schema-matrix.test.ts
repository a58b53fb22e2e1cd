// Forty schemas for a dozen models: each answer is held to its schema by the vendor, or checked by
// Sluice, or the call is refused; never sent out unenforced.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { asObject, type Json, type JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { translateRequest } from "#dialects/adapt/translate-request.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import { providerKindOf } from "./list.ts";

const TEXT = { type: "string" };
const CLOSED = { additionalProperties: false };
function object(properties: JsonObject, rest: JsonObject = {}): JsonObject {
  return { type: "object", properties, required: Object.keys(properties), ...rest };
}
const NODE = object({ name: TEXT, children: { type: "array", items: { $ref: "#/$defs/node" } } });

const SCHEMAS: Readonly<Record<string, JsonObject>> = {
  flat: object({ a: TEXT }, CLOSED),
  open: object({ a: TEXT }),
  optional: { type: "object", properties: { a: TEXT, b: TEXT }, required: ["a"], ...CLOSED },
  "no properties": { type: "object", properties: {}, ...CLOSED },
  "any object": { type: "object" },
  nested: object({ a: object({ b: object({ c: TEXT }, CLOSED) }, CLOSED) }, CLOSED),
  enums: object({ a: { enum: ["x", "y"] }, b: { type: "integer", enum: [1, 2] } }, CLOSED),
  const: object({ a: { const: "x" } }, CLOSED),
  nullable: object({ a: { type: ["string", "null"] } }, CLOSED),
  "any of null": object({ a: { anyOf: [TEXT, { type: "null" }] } }, CLOSED),
  union: object({ a: { anyOf: [TEXT, { type: "integer" }, object({ b: TEXT }, CLOSED)] } }, CLOSED),
  "one of": object({ a: { oneOf: [TEXT, { type: "integer" }] } }, CLOSED),
  "all of": object({ a: { allOf: [object({ b: TEXT }), object({ c: TEXT })] } }, CLOSED),
  not: object({ a: { not: TEXT } }, CLOSED),
  condition: object({ a: { if: TEXT, else: { minimum: 2 } } }, CLOSED),
  definitions: { ...object({ a: { $ref: "#/$defs/b" } }, CLOSED), $defs: { b: TEXT } },
  "old definitions": {
    ...object({ a: { $ref: "#/definitions/b" } }, CLOSED),
    definitions: { b: object({ c: TEXT }, CLOSED) },
  },
  "described reference": {
    ...object({ a: { $ref: "#/$defs/b", description: "A b." } }, CLOSED),
    $defs: { b: TEXT },
  },
  recursion: { $ref: "#/$defs/node", $defs: { node: NODE } },
  "recursion of the root": object({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, CLOSED),
  map: { type: "object", additionalProperties: TEXT },
  "map inside": object(
    { a: { type: "object", additionalProperties: { type: "integer" } } },
    CLOSED,
  ),
  patterns: { type: "object", patternProperties: { "^a": TEXT }, ...CLOSED },
  list: object({ a: { type: "array", items: TEXT } }, CLOSED),
  "short list": object({ a: { type: "array", items: TEXT, minItems: 1, maxItems: 3 } }, CLOSED),
  set: object({ a: { type: "array", items: TEXT, uniqueItems: true } }, CLOSED),
  tuple: object({ a: { type: "array", prefixItems: [TEXT, { type: "integer" }] } }, CLOSED),
  contains: object({ a: { type: "array", contains: TEXT } }, CLOSED),
  numbers: object({ a: { type: "integer", minimum: 1, maximum: 5 } }, CLOSED),
  multiple: object({ a: { type: "number", multipleOf: 0.5, exclusiveMinimum: 0 } }, CLOSED),
  lengths: object({ a: { type: "string", minLength: 2, maxLength: 5 } }, CLOSED),
  pattern: object({ a: { type: "string", pattern: "^[a-z]+$" } }, CLOSED),
  formats: object({ a: { type: "string", format: "date" }, b: { type: "string", format: "uri" } }),
  "odd format": object({ a: { type: "string", format: "iban" } }, CLOSED),
  defaults: object({ a: { type: "string", default: "x", examples: ["y"] } }, CLOSED),
  "list at the root": { type: "array", items: object({ a: TEXT }, CLOSED) },
  "text at the root": { type: "string", enum: ["yes", "no"] },
  "choice at the root": { anyOf: [object({ a: TEXT }, CLOSED), object({ b: TEXT }, CLOSED)] },
  "odd names": object({ "a b": TEXT, $c: TEXT, "ä.ö": TEXT, constructor: TEXT }, CLOSED),
  "many properties": {
    type: "object",
    properties: Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`p${at}`, TEXT])),
    ...CLOSED,
  },
};

/** Where each dialect says that the vendor is to hold the answer. */
const CONTROLS: Readonly<Record<string, (body: JsonObject) => Json | undefined>> = {
  "openai-chat": (body) => asObject(asObject(body["response_format"])?.["json_schema"])?.["schema"],
  "openai-responses": (body) => asObject(asObject(body["text"])?.["format"])?.["schema"],
  "anthropic-messages": (body) => asObject(asObject(body["output_config"])?.["format"])?.["schema"],
  "gemini-generate": (body) => asObject(body["generationConfig"])?.["responseJsonSchema"],
  "bedrock-converse": (body) => asObject(body["outputConfig"])?.["textFormat"],
  "cohere-chat": (body) => asObject(body["response_format"])?.["json_schema"],
  "ollama-chat": (body) => asObject(body["format"]),
};

type Outcome = "vendor" | "checked" | "stood in for" | "refused";

/** Kind, dialect and model, and how many of the schemas the vendor holds, wholly, in part, or not. */
const MODELS = [
  ["openai", "openai-chat", "gpt-4.1", [22, 15, 3]],
  ["openai", "openai-responses", "gpt-5-mini", [22, 15, 3]],
  ["openai", "openai-chat", "gpt-4-turbo", [0, 0, 40]],
  ["anthropic", "anthropic-messages", "claude-sonnet-4-5", [21, 13, 6]],
  ["anthropic", "anthropic-messages", "claude-3-haiku-20240307", [0, 0, 40]],
  ["gemini", "gemini-generate", "gemini-2.5-flash", [29, 11, 0]],
  ["gemini", "gemini-generate", "gemma-3-27b-it", [0, 0, 40]],
  ["bedrock", "bedrock-converse", "us.anthropic.claude-sonnet-4-5-v1:0", [21, 13, 6]],
  ["bedrock", "bedrock-converse", "amazon.nova-pro-v1:0", [0, 0, 40]],
  ["cohere", "cohere-chat", "command-a-03-2025", [21, 17, 2]],
  ["ollama", "ollama-chat", "llama3.2", [40, 0, 0]],
  ["deepseek", "openai-chat", "deepseek-chat", [0, 0, 40]],
  ["mistral", "openai-chat", "mistral-large-latest", [22, 15, 3]],
] as const;
type Model = (typeof MODELS)[number];

function request(schema: JsonObject, given: Partial<NeutralRequest>): NeutralRequest {
  return {
    origin: "elsewhere",
    model: "m",
    stream: false,
    instructions: [],
    turns: [{ role: "user", parts: [{ kind: "text", text: "Hello." }] }],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    responseFormat: { kind: "schema", name: "answer", schema, strict: true },
    ...given,
  };
}

function outcomeFor(
  [kind, dialect, model]: Model,
  schema: JsonObject,
  given: Partial<NeutralRequest> = {},
): Outcome {
  const { translation } = dialectOf(dialect);
  if (translation === undefined) throw new Error(`${dialect} translates nothing.`);
  const notices: Notice[] = [];
  const context = {
    model,
    stateOrigins: new Set<string>(),
    traits: providerKindOf(kind).traits(model),
    notice: (one: string, subject: string) => notices.push(`${one}:${subject}` as Notice),
  };
  try {
    const { body, adaptation } = translateRequest(translation, request(schema, given), context);
    const plan = adaptation?.restoring?.answer;
    const control = CONTROLS[dialect]?.(body);
    expect(notices.includes("emulated:json_schema")).toBe(plan?.isEmulated === true);
    // Either the vendor was told, or Sluice knows what to check.
    expect(control !== undefined || plan !== undefined).toBe(true);
    if (plan !== undefined) expect(plan.schema).toBe(schema);
    if (plan === undefined) return "vendor";
    return plan.isEmulated ? "stood in for" : "checked";
  } catch (error) {
    if (error instanceof GatewayError && error.code === "unsupported_feature") return "refused";
    throw error;
  }
}

describe.each(MODELS)("%s, %s, %s", (...model) => {
  test("leaves no answer unenforced", () => {
    const outcomes = Object.values(SCHEMAS).map((schema) => outcomeFor(model, schema));
    const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
    expect(count("refused")).toBe(0);
    expect([count("vendor"), count("checked"), count("stood in for")]).toEqual([...model[3]]);
  });

  test("leaves none unenforced beside tools and thinking either", () => {
    for (const schema of Object.values(SCHEMAS)) {
      outcomeFor(model, schema, { tools: [{ name: "look" }] });
      outcomeFor(model, schema, { reasoning: { effort: "high" }, stream: true });
    }
  });
});

test("there are forty of them", () => {
  expect(Object.keys(SCHEMAS)).toHaveLength(40);
});
