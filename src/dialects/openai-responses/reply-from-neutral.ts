// A neutral reply as a whole response for a client.

import type { Json, JsonObject } from "#core/json.ts";
import { asArray, asObject } from "#core/json.ts";
import type { ClientContext } from "../dialect.ts";
import type { NeutralReply } from "../neutral.ts";
import { endOf, finishedResponse, headOf } from "./encoder.ts";
import { OutputBuilder } from "./output-builder.ts";

/** Writes a response. There is one answer in this API; further ones are left out with a notice. */
export function replyFromNeutral(reply: NeutralReply, context: ClientContext): JsonObject {
  const [choice, ...others] = reply.choices;
  if (others.length > 0) context.notice("dropped", "choices");
  if (choice?.stop === "pause") context.notice("converted", "stop_reason");
  const output = new OutputBuilder(context, () => undefined);
  choice?.parts.forEach((part, index) => {
    output.take({ type: "part-started", choice: 0, index, start: { kind: "whole", part } });
  });
  output.finish();
  addLogprobs(output.items, asObject(choice?.logprobs)?.["content"]);
  const response = finishedResponse(headOf(reply, context), output.items, {
    end: endOf(choice, output),
    usage: reply.usage,
    completedAt: context.nowSeconds,
  });
  return reply.serviceTier === undefined
    ? response
    : { ...response, service_tier: reply.serviceTier };
}

/** Probabilities are those of the whole answer, which is one text wherever they can be asked for. */
function addLogprobs(items: readonly JsonObject[], logprobs: Json | undefined): void {
  if (!Array.isArray(logprobs)) return;
  const message = items.find((item) => item["type"] === "message");
  const text = asArray(message?.["content"]).find((part) => {
    return asObject(part)?.["type"] === "output_text";
  });
  const target = asObject(text);
  if (target !== undefined) target["logprobs"] = logprobs;
}
