// A demo answer in OpenAI's chat form, whole or as a stream.

import type { Json, JsonObject } from "#core/json.ts";
import type { DemoAnswer } from "./answer.ts";

/** What stands on every reply and chunk. */
export interface ReplyHead {
  readonly id: string;
  readonly model: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

/** A frame of a stream, and whether it carries a token of the answer. */
export interface Frame {
  readonly text: string;
  readonly isToken: boolean;
}

/** The reply to a call without `stream`. */
export function wholeReply(head: ReplyHead, answer: DemoAnswer): JsonObject {
  const text = answer.tokens.join("");
  const message: JsonObject =
    answer.call === undefined
      ? { role: "assistant", content: text, refusal: null }
      : { role: "assistant", content: null, refusal: null, tool_calls: [wholeCall(answer, text)] };
  return {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finishReason }],
    usage: usageOf(answer),
  };
}

/** The frames of a stream, one for each token, to the end mark. */
export function* streamFrames(
  head: ReplyHead,
  answer: DemoAnswer,
  includesUsage: boolean,
): Generator<Frame> {
  const chunk = (delta: JsonObject, finishReason: Json = null): string =>
    frame(head, {
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(includesUsage ? { usage: null } : {}),
    });
  const { call } = answer;
  yield {
    text: chunk(call === undefined ? { role: "assistant", content: "" } : opening(call)),
    isToken: false,
  };
  for (const token of answer.tokens) {
    const delta: JsonObject =
      call === undefined
        ? { content: token }
        : { tool_calls: [{ index: 0, function: { arguments: token } }] };
    yield { text: chunk(delta), isToken: true };
  }
  yield { text: chunk({}, answer.finishReason), isToken: false };
  if (includesUsage)
    yield { text: frame(head, { choices: [], usage: usageOf(answer) }), isToken: false };
  yield { text: "data: [DONE]\n\n", isToken: false };
}

function frame(head: ReplyHead, members: JsonObject): string {
  return `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...members })}\n\n`;
}

function opening(call: { readonly id: string; readonly name: string }): JsonObject {
  const { id, name } = call;
  const first = { index: 0, id, type: "function", function: { name, arguments: "" } };
  return { role: "assistant", content: null, tool_calls: [first] };
}

function wholeCall(answer: DemoAnswer, text: string): JsonObject {
  const { id, name } = answer.call ?? { id: "", name: "" };
  return { id, type: "function", function: { name, arguments: text } };
}

function usageOf(answer: DemoAnswer): JsonObject {
  const output = answer.tokens.length;
  return {
    prompt_tokens: answer.inputTokens,
    completion_tokens: output,
    total_tokens: answer.inputTokens + output,
  };
}
