// What Cohere takes as a chat request (docs.cohere.com/v2/reference/chat, November 2026), as far as a
// request can be judged without a model.

import { z } from "zod";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";

const text = z.strictObject({ type: z.literal("text"), text: z.string().min(1) });
const thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string().min(1) });
const image = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({
    url: z.string().regex(/^(https?:\/\/|data:image\/[\w.+-]+;base64,)/),
    detail: z.enum(["auto", "low", "high"]).optional(),
  }),
});
const document = z.strictObject({
  id: z.string().optional(),
  data: z.union([z.string(), z.looseObject({})]),
});
const call = z.strictObject({
  id: z.string().min(1),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().min(1), arguments: z.string() }),
});
const texts = z.union([z.string(), z.array(text).min(1)]);

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: texts }),
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.union([text, image])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.union([text, thinking])).min(1)]).optional(),
    tool_plan: z.string().optional(),
    tool_calls: z.array(call).min(1).optional(),
    citations: z.array(z.looseObject({ start: z.number(), end: z.number() })).optional(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    tool_call_id: z.string().min(1),
    content: z.union([
      z.string(),
      z.array(z.union([text, z.strictObject({ type: z.literal("document"), document })])).min(1),
    ]),
  }),
]);

/** The shape of a request. */
export const cohereChatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string().min(1),
          description: z.string().optional(),
          parameters: z.looseObject({}).optional(),
        }),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z.enum(["REQUIRED", "NONE"]).optional(),
  strict_tools: z.boolean().optional(),
  documents: z.array(z.union([z.string(), document])).optional(),
  response_format: z
    .strictObject({ type: z.literal("json_object"), json_schema: z.looseObject({}).optional() })
    .optional(),
  max_tokens: z.int().min(1).optional(),
  stop_sequences: z.array(z.string().min(1)).max(5).optional(),
  temperature: z.number().min(0).max(1).optional(),
  seed: z.int().min(0).optional(),
  frequency_penalty: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(0).max(1).optional(),
  k: z.int().min(0).max(500).optional(),
  p: z.number().min(0.01).max(0.99).optional(),
  thinking: z
    .strictObject({
      type: z.enum(["enabled", "disabled"]),
      token_budget: z.int().min(1).optional(),
    })
    .optional(),
});

/** Results follow the calls that they answer, each once; tools and a shape exclude each other. */
export function cohereChatOrder(body: JsonObject): string[] {
  const faults: string[] = [];
  let open = new Set<string>();
  asArray(body["messages"]).forEach((value, index) => {
    const { role, tool_call_id: id, tool_calls: calls } = asObject(value) ?? {};
    if (role === "tool") {
      if (!open.delete(asString(id) ?? "")) faults.push(`messages.${index}: answers no open call`);
      return;
    }
    if (open.size > 0) faults.push(`messages.${index}: ${open.size} calls have no result`);
    open = new Set(asArray(calls).map((call) => asString(asObject(call)?.["id"]) ?? ""));
  });
  if (body["tools"] !== undefined && body["response_format"] !== undefined) {
    faults.push("response_format: not together with tools");
  }
  if (body["tool_choice"] !== undefined && body["tools"] === undefined) {
    faults.push("tool_choice: without tools");
  }
  return faults;
}
