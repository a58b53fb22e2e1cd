// What Ollama takes as a chat request (docs/openapi.yaml and api/types.go of its repository, October
// 2026), as far as a request can be judged without a model.

import { z } from "zod";
import { asArray, asObject, type JsonObject } from "#core/json.ts";

const images = z.array(z.base64()).min(1).optional();
const call = z.strictObject({
  id: z.string().optional(),
  function: z.strictObject({
    index: z.int().optional(),
    name: z.string().min(1),
    arguments: z.looseObject({}),
  }),
});
const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content: z.string() }),
  z.strictObject({ role: z.literal("user"), content: z.string(), images }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.string(),
    thinking: z.string().optional(),
    images,
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.strictObject({
    role: z.literal("tool"),
    content: z.string(),
    tool_name: z.string().min(1),
    tool_call_id: z.string().optional(),
  }),
]);

/** The shape of a request. */
export const ollamaChatRequest = z.strictObject({
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
          parameters: z.looseObject({}),
        }),
      }),
    )
    .min(1)
    .optional(),
  format: z.union([z.literal("json"), z.looseObject({})]).optional(),
  think: z.union([z.boolean(), z.enum(["low", "medium", "high"])]).optional(),
  keep_alive: z.union([z.string(), z.number()]).optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(20).optional(),
  options: z
    .looseObject({
      temperature: z.number().optional(),
      top_p: z.number().optional(),
      top_k: z.int().optional(),
      seed: z.int().optional(),
      num_predict: z.int().optional(),
      stop: z.array(z.string()).optional(),
    })
    .optional(),
});

/** Results follow calls of the same name. */
export function ollamaChatOrder(body: JsonObject): string[] {
  const faults: string[] = [];
  let names: unknown[] = [];
  asArray(body["messages"]).forEach((value, index) => {
    const { role, tool_name: name, tool_calls: calls } = asObject(value) ?? {};
    if (role === "tool") {
      if (!names.includes(name)) faults.push(`messages.${index}: answers no call`);
    } else names = asArray(calls).map((each) => asObject(asObject(each)?.["function"])?.["name"]);
  });
  return faults;
}
