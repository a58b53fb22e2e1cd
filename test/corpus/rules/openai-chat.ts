// What OpenAI takes as a chat request (platform.openai.com/docs/api-reference/chat, November 2026), as
// far as a request can be judged without a model.

import { z } from "zod";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";

const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const image = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z.string().regex(/^(https?:\/\/|data:image\/[\w.+-]+;base64,)/),
    detail: z.enum(["auto", "low", "high"]).optional(),
  }),
});
const audio = z.strictObject({
  type: z.literal("input_audio"),
  input_audio: z.strictObject({ data: z.base64(), format: z.enum(["wav", "mp3"]) }),
});
const file = z.strictObject({
  type: z.literal("file"),
  file: z.strictObject({
    filename: z.string().optional(),
    file_data: z.string().startsWith("data:").optional(),
    file_id: z.string().optional(),
  }),
});
/** Not OpenAI's own; providers that take videos take them so. */
const video = z.strictObject({
  type: z.literal("video_url"),
  video_url: z.strictObject({ url: z.string() }),
});
const texts = z.union([z.string(), z.array(text).min(1)]);
const call = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), arguments: z.string() }),
  extra_content: z.looseObject({}).optional(),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: texts, name: z.string().optional() }),
  z.strictObject({ role: z.literal("developer"), content: texts, name: z.string().optional() }),
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.union([text, image, audio, file, video])).min(1)]),
    name: z.string().optional(),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: texts.nullable().optional(),
    refusal: z.string().nullable().optional(),
    name: z.string().optional(),
    tool_calls: z.array(call).min(1).optional(),
    reasoning_content: z.string().optional(),
    reasoning: z.string().optional(),
    reasoning_details: z.array(z.looseObject({ type: z.string() })).optional(),
    extra_content: z.looseObject({}).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), tool_call_id: z.string().min(1), content: texts }),
]);

const tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string().regex(/^[\w-]{1,64}$/),
    description: z
      .string()
      .max(1024 * 16)
      .optional(),
    parameters: z.looseObject({}).optional(),
    strict: z.boolean().optional(),
  }),
});
const named = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({ name: z.string() }),
});

export const openaiChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
  tools: z.array(tool).min(1).max(128).optional(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "required"]),
      named,
      z.strictObject({
        type: z.literal("allowed_tools"),
        allowed_tools: z.strictObject({
          mode: z.enum(["auto", "required"]),
          tools: z.array(named).min(1),
        }),
      }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_completion_tokens: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  logit_bias: z.record(z.string(), z.number()).optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(20).optional(),
  seed: z.int().optional(),
  n: z.int().positive().optional(),
  stop: z.array(z.string()).min(1).max(4).optional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).optional(),
  response_format: z
    .union([
      z.strictObject({ type: z.literal("json_object") }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          schema: z.looseObject({}),
          description: z.string().optional(),
          strict: z.boolean().optional(),
        }),
      }),
    ])
    .optional(),
  user: z.string().optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  service_tier: z.enum(["auto", "default", "flex", "priority"]).optional(),
  verbosity: z.enum(["low", "medium", "high"]).optional(),
  web_search_options: z.looseObject({}).optional(),
});

/** Results follow the calls of their turn at once, one for each; parallelism needs tools. */
export function openaiChatOrder(body: JsonObject): string[] {
  const faults: string[] = [];
  let open: string[] = [];
  asArray(body["messages"]).forEach((entry, index) => {
    const given = asObject(entry) ?? {};
    const at = `messages[${index}]`;
    if (given["role"] === "tool") {
      const id = asString(given["tool_call_id"]) ?? "";
      if (!open.includes(id)) faults.push(`${at} answers no open call`);
      open = open.filter((other) => other !== id);
      return;
    }
    if (open.length > 0) faults.push(`${at} stands before the results of ${open.join(", ")}`);
    const calls = asArray(given["tool_calls"]).map(
      (each) => asString(asObject(each)?.["id"]) ?? "",
    );
    if (new Set(calls).size < calls.length) faults.push(`${at} has two calls of one id`);
    open = calls;
  });
  if (open.length > 0) faults.push(`no results of ${open.join(", ")}`);
  const hasTools = body["tools"] !== undefined;
  for (const member of ["tool_choice", "parallel_tool_calls"]) {
    if (!hasTools && body[member] !== undefined) faults.push(`${member} without tools`);
  }
  return faults;
}
