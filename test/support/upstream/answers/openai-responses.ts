// Answers in the words of OpenAI's Responses API.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type AnswerSpec, allInput, tokensOf } from "./answer-spec.ts";
import { type Frame, frame } from "./frame.ts";

const ID = "resp_scripted";
const CREATED = 1_760_000_000;

function usageOf({ usage }: AnswerSpec): JsonObject {
  const input = allInput(usage);
  const cacheWrites = usage.cacheWrite5mTokens + usage.cacheWrite1hTokens;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: cacheWrites },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + usage.outputTokens,
  };
}

function ending(spec: AnswerSpec): JsonObject {
  if (spec.stop === "natural") return { status: "completed", incomplete_details: null };
  const reason = spec.stop === "limit" ? "max_output_tokens" : "content_filter";
  return { status: "incomplete", incomplete_details: { reason } };
}

/** The signature is what the vendor encrypts, and only for those who ask for it. */
function reasoningItem(spec: AnswerSpec, request: unknown): JsonObject[] {
  if (spec.reasoning === undefined) return [];
  const { text, signature } = spec.reasoning;
  const isAsked = asArray(asObject(request)?.["include"]).includes("reasoning.encrypted_content");
  return [
    {
      id: "rs_scripted",
      type: "reasoning",
      summary: text === "" ? [] : [{ type: "summary_text", text }],
      ...(isAsked && { encrypted_content: signature }),
    },
  ];
}

function outputOf(spec: AnswerSpec, request: unknown): JsonObject[] {
  const content = [{ type: "output_text", annotations: [], logprobs: [], text: spec.text }];
  const message = { id: "msg_scripted", type: "message", status: "completed", role: "assistant" };
  return [
    ...reasoningItem(spec, request),
    ...(spec.text === "" ? [] : [{ ...message, content }]),
    ...spec.toolCalls.map((call, index) => ({
      id: `fc_scripted_${index}`,
      type: "function_call",
      status: "completed",
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
    })),
  ];
}

function shell(spec: AnswerSpec, model: string): JsonObject {
  return {
    id: ID,
    object: "response",
    created_at: CREATED,
    status: "in_progress",
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: spec.model ?? model,
    output: [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    usage: null,
  };
}

/** A whole reply. */
export function openaiResponsesReply(
  spec: AnswerSpec,
  model: string,
  request: unknown,
): JsonObject {
  const output = outputOf(spec, request);
  return { ...shell(spec, model), ...ending(spec), output, usage: usageOf(spec) };
}

/** What a counting call is told. */
export function openaiResponsesCount(spec: AnswerSpec): JsonObject {
  return { object: "response.input_tokens", input_tokens: allInput(spec.usage) };
}

/** A stream, event by event as the vendor numbers and names them. */
export function openaiResponsesFrames(spec: AnswerSpec, model: string, request: unknown): Frame[] {
  const frames: Frame[] = [];
  const tell = (type: string, members: JsonObject, marks: { isContent?: boolean } = {}) => {
    const event = { type, sequence_number: frames.length, ...members };
    frames.push(frame(event, { name: type, ...marks }));
  };
  const response = shell(spec, model);
  tell("response.created", { response });
  tell("response.in_progress", { response });
  outputOf(spec, request).forEach((item, index) => {
    tellItem(item, index, tell);
  });
  const whole = openaiResponsesReply(spec, model, request);
  const status = String(whole["status"]);
  frames.push(
    frame(
      { type: `response.${status}`, sequence_number: frames.length, response: whole },
      { name: `response.${status}`, isUsage: true },
    ),
  );
  return frames;
}

type Tell = (type: string, members: JsonObject, marks?: { isContent?: boolean }) => void;

function tellItem(item: JsonObject, outputIndex: number, tell: Tell): void {
  const place = { item_id: item["id"], output_index: outputIndex };
  const pieces = (type: string, text: string, members: JsonObject) => {
    for (const delta of tokensOf(text)) tell(type, { ...place, ...members, delta }, CONTENT);
  };
  const begun = (members: JsonObject) =>
    tell("response.output_item.added", {
      output_index: outputIndex,
      item: { ...item, ...members },
    });
  if (item["type"] === "function_call") {
    const text = String(item["arguments"]);
    begun({ arguments: "", status: "in_progress" });
    pieces("response.function_call_arguments.delta", text, {});
    tell("response.function_call_arguments.done", { ...place, arguments: text });
  } else if (item["type"] === "reasoning") {
    const text = String(asObject(asArray(item["summary"])[0])?.["text"] ?? "");
    begun({ summary: [] });
    pieces("response.reasoning_summary_text.delta", text, { summary_index: 0 });
  } else {
    const part = asObject(asArray(item["content"])[0]) ?? {};
    begun({ content: [], status: "in_progress" });
    const at = { content_index: 0 };
    tell("response.content_part.added", { ...place, ...at, part: { ...part, text: "" } });
    pieces("response.output_text.delta", String(part["text"]), { ...at, logprobs: [] });
    const text = part["text"];
    tell("response.output_text.done", { ...place, ...at, text, logprobs: [] });
    tell("response.content_part.done", { ...place, ...at, part });
  }
  tell("response.output_item.done", { output_index: outputIndex, item });
}

const CONTENT = { isContent: true };
