// What Mistral takes as a chat request (types of github.com/mistralai/client-ts 2.7.0), as far as a
// request can be judged without a model. It refuses every member that it does not know.

import { z } from "zod";
import { asArray, asObject, type JsonObject } from "#core/json.ts";

const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const chunk = z.discriminatedUnion("type", [
  text,
  z.strictObject({
    type: z.literal("image_url"),
    image_url: z.union([
      z.string(),
      z.strictObject({ url: z.string(), detail: z.enum(["auto", "low", "high"]).optional() }),
    ]),
  }),
  z.strictObject({
    type: z.literal("document_url"),
    document_url: z.string(),
    document_name: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("input_audio"), input_audio: z.base64() }),
  z.strictObject({
    type: z.literal("thinking"),
    thinking: z.array(text),
    signature: z.string().optional(),
    closed: z.boolean().optional(),
  }),
]);
const content = z.union([z.string(), z.array(chunk).min(1)]);
const call = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9]{9}$/),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
});
const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content }),
  z.strictObject({ role: z.literal("user"), content }),
  z.strictObject({
    role: z.literal("assistant"),
    content: content.nullable().optional(),
    tool_calls: z.array(call).min(1).optional(),
    prefix: z.boolean().optional(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    content,
    tool_call_id: z.string().regex(/^[A-Za-z0-9]{9}$/),
    name: z.string().optional(),
  }),
]);

/** The shape of a request. */
export const mistralChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1.5).optional(),
  top_p: z.number().min(0).max(1).optional(),
  max_tokens: z.int().min(1).optional(),
  stop: z.array(z.string()).optional(),
  random_seed: z.int().optional(),
  metadata: z.looseObject({}).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  n: z.int().min(1).optional(),
  parallel_tool_calls: z.boolean().optional(),
  prompt_mode: z.literal("reasoning").optional(),
  reasoning_effort: z.enum(["none", "high"]).optional(),
  prompt_cache_key: z.string().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string().min(1),
          description: z.string().optional(),
          strict: z.boolean().optional(),
          parameters: z.looseObject({}),
        }),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "any", "required"]),
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({ name: z.string() }),
      }),
    ])
    .optional(),
  response_format: z
    .union([
      z.strictObject({ type: z.enum(["text", "json_object"]) }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          name: z.string(),
          schema: z.looseObject({}),
          description: z.string().optional(),
          strict: z.boolean().optional(),
        }),
      }),
    ])
    .optional(),
});

/**
 * A last message of the assistant says that it is to be continued, and no message of the user follows
 * results of tools ("Unexpected role 'user' after role 'tool'").
 */
export function mistralChatOrder(body: JsonObject): string[] {
  const messages = asArray(body["messages"]).map(asObject);
  const last = messages.at(-1);
  const faults = messages.flatMap((message, at) =>
    message?.["role"] === "user" && messages[at - 1]?.["role"] === "tool"
      ? [`message ${at}: the user's after results`]
      : [],
  );
  if (last?.["role"] === "assistant" && last["prefix"] !== true) faults.push("the last message");
  return faults;
}
