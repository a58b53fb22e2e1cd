// What Anthropic takes as a Messages request (docs.claude.com/en/api/messages, November 2026), as far as
// a request can be judged without a model.

import { z } from "zod";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";

const cacheControl = z
  .strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() })
  .optional();
const filled = z.string().regex(/\S/, "text without anything to read");
const citation = z.looseObject({ type: z.string() });
const text = z.strictObject({
  type: z.literal("text"),
  text: filled,
  citations: z.array(citation).optional(),
  cache_control: cacheControl,
});
const linked = [
  z.strictObject({ type: z.literal("url"), url: z.string().regex(/^https?:\/\//) }),
  z.strictObject({ type: z.literal("file"), file_id: z.string() }),
] as const;
const image = z.strictObject({
  type: z.literal("image"),
  source: z.union([
    z.strictObject({
      type: z.literal("base64"),
      media_type: z.enum(["image/jpeg", "image/png", "image/gif", "image/webp"]),
      data: z.base64(),
    }),
    ...linked,
  ]),
  cache_control: cacheControl,
});
const document = z.strictObject({
  type: z.literal("document"),
  source: z.union([
    z.strictObject({
      type: z.literal("base64"),
      media_type: z.literal("application/pdf"),
      data: z.base64(),
    }),
    z.strictObject({
      type: z.literal("text"),
      media_type: z.literal("text/plain"),
      data: z.string(),
    }),
    ...linked,
  ]),
  title: z.string().optional(),
  context: z.string().optional(),
  citations: z.strictObject({ enabled: z.boolean() }).optional(),
  cache_control: cacheControl,
});
const identifier = z.string().regex(/^[a-zA-Z0-9_-]+$/);
const name = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);
const call = z.strictObject({
  type: z.literal("tool_use"),
  id: identifier,
  name,
  input: z.looseObject({}),
  cache_control: cacheControl,
});
const result = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: identifier,
  content: z.union([z.string(), z.array(z.union([text, image, document]))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const thinking = z.strictObject({
  type: z.literal("thinking"),
  thinking: z.string(),
  signature: z.string().min(1),
});
const redacted = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string().min(1) });

const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.union([filled, z.array(z.union([text, image, document, result])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([filled, z.array(z.union([text, thinking, redacted, call])).min(1)]),
  }),
]);

const tool = z.union([
  z.strictObject({
    name,
    type: z.literal("custom").optional(),
    description: z.string().optional(),
    input_schema: z.looseObject({ type: z.literal("object") }),
    strict: z.boolean().optional(),
    cache_control: cacheControl,
  }),
  z.looseObject({ type: z.string().regex(/_\d{8}$/), name }),
]);

export const anthropicMessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  system: z.union([filled, z.array(text).min(1)]).optional(),
  messages: z.array(message).min(1),
  tools: z.array(tool).min(1).optional(),
  tool_choice: z
    .discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("auto"),
        disable_parallel_tool_use: z.boolean().optional(),
      }),
      z.strictObject({ type: z.literal("any"), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({
        type: z.literal("tool"),
        name,
        disable_parallel_tool_use: z.boolean().optional(),
      }),
      z.strictObject({ type: z.literal("none") }),
    ])
    .optional(),
  thinking: z
    .discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("enabled"),
        budget_tokens: z.int().min(1024),
        display: z.enum(["summarized", "omitted"]).optional(),
      }),
      z.strictObject({
        type: z.literal("adaptive"),
        display: z.enum(["summarized", "omitted"]).optional(),
      }),
      z.strictObject({ type: z.literal("disabled") }),
    ])
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
      format: z
        .strictObject({ type: z.literal("json_schema"), schema: z.looseObject({}) })
        .optional(),
    })
    .optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(filled).min(1).optional(),
  metadata: z.strictObject({ user_id: z.string().max(256) }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  stream: z.boolean().optional(),
});

/** Roles take turns, the user begins, results open the turn behind their calls, one for each. */
export function anthropicMessagesOrder(body: JsonObject): string[] {
  const faults: string[] = [];
  let open: string[] = [];
  let before = "assistant";
  const messages = asArray(body["messages"]).map((entry) => asObject(entry) ?? {});
  messages.forEach((given, index) => {
    const at = `messages[${index}]`;
    const role = asString(given["role"]) ?? "";
    if (role === before) faults.push(`${at} is another ${role} message`);
    before = role;
    const blocks = asArray(given["content"]).map((block) => asObject(block) ?? {});
    const results = blocks.filter((block) => block["type"] === "tool_result");
    const isInFront = blocks.slice(0, results.length).every((block) => results.includes(block));
    if (!isInFront) faults.push(`${at} has something before its results`);
    const answered = results.map((block) => asString(block["tool_use_id"]) ?? "");
    const missing = open.filter((id) => !answered.includes(id));
    const unasked = answered.filter((id) => !open.includes(id));
    if (missing.length > 0) faults.push(`${at} lacks results of ${missing.join(", ")}`);
    if (unasked.length > 0) faults.push(`${at} answers ${unasked.join(", ")}, which nobody called`);
    open = blocks.flatMap((block) =>
      block["type"] === "tool_use" ? [asString(block["id"]) ?? ""] : [],
    );
    if (new Set(open).size < open.length) faults.push(`${at} has two calls of one id`);
  });
  if (open.length > 0) faults.push(`no results of ${open.join(", ")}`);
  return [...faults, ...settingFaults(body), ...markFaults(body)];
}

function settingFaults(body: JsonObject): string[] {
  const thinking = asObject(body["thinking"]);
  const budget = Number(thinking?.["budget_tokens"] ?? 0);
  const isThinking = thinking !== undefined && thinking["type"] !== "disabled";
  const choice = asString(asObject(body["tool_choice"])?.["type"]);
  const names = asArray(body["tools"]).map((tool) => asObject(tool)?.["name"]);
  return [
    ...(budget >= Number(body["max_tokens"]) ? ["the budget leaves no room for an answer"] : []),
    ...(isThinking && body["temperature"] !== undefined ? ["temperature with thinking"] : []),
    ...(isThinking && body["top_k"] !== undefined ? ["top_k with thinking"] : []),
    ...(thinking?.["type"] === "enabled" && (choice === "any" || choice === "tool")
      ? ["a forced tool with thinking"]
      : []),
    ...(choice !== undefined && body["tools"] === undefined ? ["tool_choice without tools"] : []),
    ...(new Set(names).size < names.length ? ["two tools of one name"] : []),
  ];
}

/** At most four cache marks in a request. */
function markFaults(body: JsonObject): string[] {
  const marks = JSON.stringify(body).split('"cache_control"').length - 1;
  return marks > 4 ? [`${marks} cache marks`] : [];
}
