// Answers in the words of OpenAI's chat completions.

import { asObject, type JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

const ID = "chatcmpl-scripted";
const CREATED = 1_760_000_000;

function finishReason(spec: AnswerSpec): string {
  if (spec.stop === "limit") return "length";
  if (spec.stop === "filter") return "content_filter";
  return spec.toolCalls.length > 0 ? "tool_calls" : "stop";
}

function usageOf({ usage }: AnswerSpec): JsonObject {
  const input = allInput(usage);
  return {
    prompt_tokens: input,
    completion_tokens: usage.outputTokens,
    total_tokens: input + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
      audio_tokens: 0,
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens, audio_tokens: 0 },
  };
}

/** A whole reply. */
export function openaiChatReply(spec: AnswerSpec, model: string): JsonObject {
  const toolCalls = spec.toolCalls.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return {
    id: ID,
    object: "chat.completion",
    created: CREATED,
    model: spec.model ?? model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: spec.text === "" ? null : spec.text,
          refusal: null,
          ...(spec.reasoning === undefined ? {} : { reasoning_content: spec.reasoning.text }),
          ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
        },
        logprobs: null,
        finish_reason: finishReason(spec),
      },
    ],
    usage: usageOf(spec),
  };
}

/** A stream, with a usage chunk only if the request asked for one, as the vendor does it. */
export function openaiChatFrames(spec: AnswerSpec, model: string, request: unknown): Frame[] {
  const chunk = (delta: JsonObject, finish: string | null = null): JsonObject => ({
    id: ID,
    object: "chat.completion.chunk",
    created: CREATED,
    model: spec.model ?? model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const content = (delta: JsonObject) => frame(chunk(delta), { isContent: true });
  const frames = [frame(chunk({ role: "assistant", content: "", refusal: null }))];
  for (const token of tokensOf(spec.reasoning?.text ?? ""))
    frames.push(content({ reasoning_content: token }));
  for (const token of tokensOf(spec.text)) frames.push(content({ content: token }));
  for (const [index, call] of spec.toolCalls.entries()) {
    const opening = { name: call.name, arguments: "" };
    frames.push(
      content({ tool_calls: [{ index, id: call.id, type: "function", function: opening }] }),
    );
    for (const token of tokensOf(JSON.stringify(call.arguments)))
      frames.push(content({ tool_calls: [{ index, function: { arguments: token } }] }));
  }
  frames.push(frame(chunk({}, finishReason(spec))));
  if (asObject(asObject(request)?.["stream_options"])?.["include_usage"] === true) {
    const usage = { ...chunk({}), choices: [], usage: usageOf(spec) };
    frames.push(frame(usage, { isUsage: true }));
  }
  frames.push(frame("[DONE]"));
  return frames;
}
