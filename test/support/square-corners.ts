// The corners of the square: one conversation, written by hand in each dialect, and how a client of the
// dialect goes on from an answer. `square.test.ts` walks between them.

import { readFileSync } from "node:fs";
import type { JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { Dialect, ModelTraits, Translation } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";

/** The answers that every corner gives. */
export type ReplyName = "text" | "reasoning" | "calls" | "limit" | "filtered";

/** What stands in a corner's file. */
interface Fixture {
  readonly request: JsonObject;
  readonly schemaRequest: JsonObject;
  readonly replies: Readonly<Record<ReplyName, JsonObject>>;
  readonly streams: Readonly<Record<ReplyName, readonly string[]>>;
}

/** One dialect with its fixtures. */
export interface Corner extends Fixture {
  readonly dialect: Dialect;
  readonly translation: Translation;
  readonly traits: Partial<ModelTraits>;
  /** The dialect has no stop sequences. */
  readonly lacksStop?: true;
  /** Reasoning is on or off, with nothing in between. */
  readonly lacksEfforts?: true;
  /** No model there can be made to call a tool. */
  readonly lacksForcedCalls?: true;
  /** A filter that blocks looks like any other end. */
  readonly lacksFilter?: true;
  /** Upstreams do not tell how much of the output was reasoning. */
  readonly hidesReasoningTokens?: true;
  /** No client speaks it: state of others has no place in it. */
  readonly isOutOnly?: true;
  /** State in the replies that the upstream must get back. */
  readonly state: Readonly<Partial<Record<ReplyName, readonly string[]>>>;
  /** What a client makes of a stream's frames, where it keeps more than our decoder. */
  keep?(frames: readonly JsonObject[]): JsonObject;
  /** A call in which the client sends the reply back as history and answers its calls. */
  next(reply: JsonObject): JsonObject;
}

function corner(
  id: string,
  rest: Omit<Corner, "dialect" | "translation" | keyof Fixture>,
): readonly [string, Corner] {
  const path = new URL(`../fixtures/dialects/square/${id}.json`, import.meta.url);
  const dialect = dialectOf(id);
  const { translation } = dialect;
  if (translation === undefined) throw new Error(`${id} translates nothing.`);
  return [id, { dialect, translation, ...JSON.parse(readFileSync(path, "utf8")), ...rest }];
}

const ASK = "Go on.";

/** All corners by dialect. */
export const CORNERS: ReadonlyMap<string, Corner> = new Map([
  corner("openai-chat", {
    traits: { reasoningField: "reasoning_content" },
    state: { reasoning: ["Y2hhdC1zaWduYXR1cmU="] },
    next(reply) {
      const message = asObject(asObject(asArray(reply["choices"])[0])?.["message"]) ?? {};
      const results = asArray(message["tool_calls"]).map((call) => {
        return { role: "tool", tool_call_id: asObject(call)?.["id"], content: "done" };
      });
      const asked = { role: "user", content: ASK };
      return { model: "sample-model", messages: [asked, message, ...results, asked] };
    },
  }),
  corner("openai-responses", {
    traits: {},
    lacksStop: true,
    state: { reasoning: ["cmVzcG9uc2VzLWVuY3J5cHRlZA==", "rs_sq"] },
    next(reply) {
      const output = asArray(reply["output"]);
      const results = output.flatMap((item): JsonObject[] => {
        const { type, call_id } = asObject(item) ?? {};
        return type === "function_call"
          ? [{ type: "function_call_output", call_id, output: "done" }]
          : [];
      });
      const asked = { role: "user", content: ASK };
      return { model: "sample-model", input: [asked, ...output, ...results, asked] };
    },
  }),
  corner("anthropic-messages", {
    traits: { reasoning: "adaptive" },
    state: { reasoning: ["YW50aHJvcGljLXNpZ25hdHVyZQ==", "cmVkYWN0ZWQtZGF0YQ=="] },
    next(reply) {
      const content = asArray(reply["content"]);
      const calls = content.filter((block) => asObject(block)?.["type"] === "tool_use");
      const results = calls.map((block) => {
        return { type: "tool_result", tool_use_id: asObject(block)?.["id"], content: "done" };
      });
      const messages = [
        { role: "user", content: ASK },
        { role: "assistant", content },
        { role: "user", content: [...results, { type: "text", text: ASK }] },
      ];
      return { model: "sample-model", max_tokens: 2000, messages };
    },
  }),
  corner("gemini-generate", {
    traits: { reasoning: "level" },
    state: { reasoning: ["Z2VtaW5pLXNpZ25hdHVyZQ=="], calls: ["Z2VtaW5pLXNpZ25hdHVyZQ=="] },
    // Google's clients append the parts of all chunks and join none of them.
    keep(frames) {
      const parts = frames.flatMap((frame) => {
        const content = asObject(asObject(asArray(frame["candidates"])[0])?.["content"]);
        return asArray(content?.["parts"]);
      });
      return { candidates: [{ content: { role: "model", parts } }] };
    },
    next(reply) {
      const content = asObject(asObject(asArray(reply["candidates"])[0])?.["content"]) ?? {};
      const calls = asArray(content["parts"]).flatMap((part): JsonObject[] => {
        const call = asObject(asObject(part)?.["functionCall"]);
        return call === undefined ? [] : [call];
      });
      const results = calls.map((call) => {
        const answered = { id: call["id"], name: call["name"] };
        return { functionResponse: { ...answered, response: { output: "done" } } };
      });
      const asked = { text: ASK };
      return {
        contents: [
          { role: "user", parts: [asked] },
          content,
          { role: "user", parts: [...results, asked] },
        ],
      };
    },
  }),
  corner("bedrock-converse", {
    traits: { reasoning: "adaptive", family: "claude" },
    state: { reasoning: ["YmVkcm9jay1zaWduYXR1cmU=", "YmVkcm9jay1yZWRhY3RlZA=="] },
    hidesReasoningTokens: true,
    isOutOnly: true,
    next(reply) {
      const message = asObject(asObject(reply["output"])?.["message"]) ?? {};
      const results = asArray(message["content"]).flatMap((block): JsonObject[] => {
        const call = asObject(asObject(block)?.["toolUse"]);
        if (call === undefined) return [];
        return [{ toolResult: { toolUseId: call["toolUseId"], content: [{ text: "done" }] } }];
      });
      const asked = { text: ASK };
      return {
        messages: [
          { role: "user", content: [asked] },
          message,
          { role: "user", content: [...results, asked] },
        ],
      };
    },
  }),
  corner("cohere-chat", {
    traits: { reasoning: "budget" },
    state: {},
    lacksEfforts: true,
    hidesReasoningTokens: true,
    isOutOnly: true,
    next(reply) {
      const message = asObject(reply["message"]) ?? {};
      const results = asArray(message["tool_calls"]).map((call) => {
        return { role: "tool", tool_call_id: asObject(call)?.["id"], content: "done" };
      });
      const asked = { role: "user", content: ASK };
      return { model: "sample-model", messages: [asked, message, ...results, asked] };
    },
  }),
  corner("ollama-chat", {
    traits: { reasoning: "level" },
    state: {},
    lacksForcedCalls: true,
    lacksFilter: true,
    hidesReasoningTokens: true,
    isOutOnly: true,
    next(reply) {
      const message = asObject(reply["message"]) ?? {};
      const results = asArray(message["tool_calls"]).map((call) => {
        const { id } = asObject(call) ?? {};
        return { role: "tool", tool_call_id: id, content: "done" };
      });
      const asked = { role: "user", content: ASK };
      return { model: "sample-model", messages: [asked, message, ...results, asked] };
    },
  }),
]);
