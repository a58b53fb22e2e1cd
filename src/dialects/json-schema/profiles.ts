// The vendors' dialects of JSON schema, one row each. A dialect's `accepts` names those that hold for it.

import type { NameRule } from "../name-rule.ts";
import type { SchemaProfile } from "./profile.ts";

const OBJECTS = ["type", "properties", "required", "additionalProperties", "items"];
const WORDS = ["title", "description"];

/** A tool of any vendor: JSON schema as it is, but the root must be an object without a choice. */
export const PLAIN_TOOL: SchemaProfile = {
  vendor: "The vendor",
  source:
    "https://platform.claude.com/docs/en/agents-and-tools/tool-use and OpenAI's function calling",
  date: "2026-11-22",
  keywords: "all",
  formats: "all",
  references: "keep",
  recursion: "keep",
  isClosed: false,
  isAllRequired: false,
  root: "object",
};

/** The same for OpenAI and Gemini, where a list has to say what is in it. */
export const TOOL_WITH_ITEMS: SchemaProfile = { ...PLAIN_TOOL, needsItems: true };

/** Arguments of Anthropic's tools (its API's error for others, 2026-11). */
const ARGUMENT_NAMES: NameRule = { character: /^[a-zA-Z0-9_.-]$/, maxLength: 64 };

/** The same for Anthropic, which takes few characters in the names of arguments. */
export const ANTHROPIC_TOOL: SchemaProfile = { ...PLAIN_TOOL, propertyNames: ARGUMENT_NAMES };

/** OpenAI's strict mode, for tools and, with a wrapped root, for answers. */
export const OPENAI_STRICT_TOOL: SchemaProfile = {
  vendor: "OpenAI's strict mode",
  source:
    "https://developers.openai.com/api/docs/guides/structured-outputs and openai-node's helpers",
  date: "2026-11-22",
  keywords: new Set([
    ...OBJECTS,
    ...WORDS,
    "enum",
    "const",
    "anyOf",
    "pattern",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
  ]),
  formats: new Set([
    "date-time",
    "time",
    "date",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uuid",
  ]),
  references: "keep",
  recursion: "keep",
  isClosed: true,
  isAllRequired: true,
  root: "object",
  maxDepth: 20,
  maxProperties: 5000,
};

/** The answer under OpenAI's strict mode. */
export const OPENAI_STRICT_ANSWER: SchemaProfile = { ...OPENAI_STRICT_TOOL, root: "wrapped" };

/** The answer under Anthropic's constrained decoding. */
export const ANTHROPIC_ANSWER: SchemaProfile = {
  vendor: "Anthropic's structured output",
  source:
    "https://platform.claude.com/docs/en/build-with-claude/structured-outputs, and the SDK's own transformation",
  date: "2026-11-22",
  keywords: new Set([...OBJECTS, ...WORDS, "enum", "const", "anyOf", "default"]),
  formats: new Set([...OPENAI_STRICT_TOOL.formats, "uri"]),
  references: "keep",
  recursion: "refuse",
  isClosed: true,
  isAllRequired: false,
  root: "any",
  maxOptional: 24,
};

/** Strict tools under Anthropic's constrained decoding. */
export const ANTHROPIC_STRICT_TOOL: SchemaProfile = {
  ...ANTHROPIC_ANSWER,
  root: "object",
  propertyNames: ARGUMENT_NAMES,
};

/** `responseJsonSchema` of Gemini; the parameters of its tools are taken as they are. */
export const GEMINI_ANSWER: SchemaProfile = {
  vendor: "Gemini",
  source: "https://ai.google.dev/api/generate-content (responseJsonSchema)",
  date: "2026-11-22",
  keywords: new Set([
    ...OBJECTS,
    ...WORDS,
    "format",
    "enum",
    "prefixItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "anyOf",
    "propertyOrdering",
  ]),
  formats: "all",
  references: "inline",
  recursion: "keep",
  isClosed: false,
  isAllRequired: false,
  root: "any",
};

/** Cohere's `response_format`: no choices, no limits on numbers and lengths, an object at the root. */
export const COHERE_ANSWER: SchemaProfile = {
  vendor: "Cohere",
  source: "https://docs.cohere.com/v2/docs/parameter-types-in-json",
  date: "2026-11-22",
  keywords: new Set([...OBJECTS, ...WORDS, "enum", "const", "pattern", "format", "anyOf"]),
  formats: new Set(["date-time", "date", "time", "uuid"]),
  references: "inline",
  recursion: "refuse",
  isClosed: false,
  isAllRequired: false,
  root: "wrapped",
};

/** JSON schema as it is: Ollama's `format`, Mistral's and others' grammars. */
export const ANY_SCHEMA: SchemaProfile = {
  ...PLAIN_TOOL,
  source: "https://docs.ollama.com/capabilities/structured-outputs",
  root: "any",
};
