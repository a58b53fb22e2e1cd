// One form for what a vendor's documents call the same: a text and a list of one text, a member that is
// null or empty and none, the two spellings of Google's names. Bodies are equal when these forms are.

import { isDeepStrictEqual } from "node:util";
import type { DialectId } from "#core/facts.ts";
import { asArray, asObject, isJsonObject, type Json, type JsonObject } from "#core/json.ts";

type Members = ReadonlySet<string>;

/** Members that say what happens anyway: the vendors' documented defaults. */
const DEFAULTS: Readonly<Record<DialectId, readonly (readonly [string, Json])[]>> = {
  "openai-chat": [
    ["stream", false],
    ["n", 1],
    ["prefix", false],
    ["store", false],
    ["type", "function"],
    ["ttl", "5m"],
  ],
  "openai-responses": [
    ["stream", false],
    ["store", false],
    ["strict", false],
  ],
  "anthropic-messages": [
    ["stream", false],
    ["is_error", false],
    ["ttl", "5m"],
  ],
  "gemini-generate": [["responseModalities", ["TEXT"]]],
};

/** Members that Sluice itself reads, sets or takes out, by the contract. */
const GATEWAYS_OWN: Readonly<Record<DialectId, Members>> = {
  "openai-chat": new Set(["models", "provider", "stream_options"]),
};

/** Two names of one thing. */
const NAMES: Readonly<Record<DialectId, Readonly<Record<string, string>>>> = {
  "openai-chat": { max_completion_tokens: "max_tokens" },
};

/** The one form of a request. */
export function canonicalRequest(dialect: DialectId, body: JsonObject): Json {
  const canonical = walk(dialect, body, GATEWAYS_OWN[dialect] ?? new Set()) ?? {};
  return dialect === "gemini-generate" && isJsonObject(canonical) ? ofGoogle(canonical) : canonical;
}

/** Google joins contents of one role, and the order of the kinds of tools says nothing. */
function ofGoogle(body: JsonObject): JsonObject {
  const contents: JsonObject[] = [];
  for (const content of asArray(body["contents"]).map((each) => asObject(each) ?? {})) {
    const last = contents.at(-1);
    const parts = asArray(content["parts"]);
    if (last !== undefined && last["role"] === content["role"]) {
      last["parts"] = [...asArray(last["parts"]), ...parts];
    } else contents.push({ ...content, parts });
  }
  const listed = isJsonObject(body["tools"]) ? [body["tools"]] : asArray(body["tools"]);
  const tools = listed.map((tool) => JSON.stringify(ordered(tool)));
  const { role: _role, ...instruction } = asObject(body["systemInstruction"]) ?? {};
  return { ...body, contents, tools: tools.sort(), systemInstruction: instruction };
}

/** With its members in one order. */
function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, member]) => [key, member === undefined ? null : ordered(member)]),
  );
}

function walk(dialect: DialectId, value: Json | undefined, left: Members): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.map((item) => walk(dialect, item, left) ?? null);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value === "string" && dialect === "gemini-generate") return standard(value);
  if (!isJsonObject(value)) return value ?? undefined;
  const members: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    if (left.has(key) || isDefault(dialect, key, member)) continue;
    const name = NAMES[dialect]?.[key] ?? (dialect === "gemini-generate" ? camel(key) : key);
    const kept = walk(dialect, isText(key, member) ? textOf(member) : member, left);
    if (kept !== undefined && !isEmpty(kept)) members[name] = kept;
  }
  return members;
}

function isDefault(dialect: DialectId, key: string, value: Json | undefined): boolean {
  const usual = (DEFAULTS[dialect] ?? []).filter(([name]) => camel(name) === camel(key));
  return usual.some(([, each]) => isDeepStrictEqual(each, value));
}

function isEmpty(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Members that are a text, or a list of typed texts. */
const TEXTS: Members = new Set(["content", "system"]);

function isText(key: string, value: Json | undefined): value is Json[] {
  if (!TEXTS.has(key) || !Array.isArray(value) || value.length !== 1) return false;
  const [only] = value;
  return isJsonObject(only) && only["type"] === "text" && Object.keys(only).length === 2;
}

function textOf(list: Json[]): Json | undefined {
  const [only] = list;
  return isJsonObject(only) ? only["text"] : undefined;
}

/** Google takes both alphabets of base64. */
function standard(text: string): string {
  if (text.length < 40 || !/^[\w+/-]+=*$/.test(text)) return text;
  return text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
