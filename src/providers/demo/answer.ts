// What a demo model answers: a pure function of the request.

import type { Json } from "#core/json.ts";
import type { DemoChatRequest, DemoTool } from "./chat-request.ts";
import { sampleOf } from "./sample-json.ts";
import { tokensOf } from "./tokens.ts";

/** No answer is longer than this many tokens, whatever the caller allows. */
const MAX_OUTPUT_TOKENS = 4096;

/** A tool call without its arguments: those are the answer's tokens. */
export interface DemoCall {
  readonly id: string;
  readonly name: string;
}

/** An answer, cut into tokens. */
export interface DemoAnswer {
  /** Text, or the JSON text of the arguments of `call`. */
  readonly tokens: readonly string[];
  readonly call: DemoCall | undefined;
  readonly finishReason: "stop" | "length" | "tool_calls";
  readonly inputTokens: number;
}

/** The answer to a request. */
export function answerTo(request: DemoChatRequest): DemoAnswer {
  const tool = request.model === "tools" && request.toolResult === undefined && request.tools[0];
  return tool ? callOf(tool, request) : cut(textAnswer(request), undefined, request);
}

function callOf(tool: DemoTool, request: DemoChatRequest): DemoAnswer {
  // The number of messages tells apart all calls of one conversation.
  const call = { id: `call_demo_${request.messageCount}`, name: tool.name };
  const sampled = sampleOf({ type: "object", ...tool.parameters }, excerpt(request));
  return cut(JSON.stringify(sampled), call, request);
}

function textAnswer(request: DemoChatRequest): string {
  if (request.answerSchema !== undefined || request.model === "json") {
    return JSON.stringify(jsonAnswer(request));
  }
  if (request.model === "tools") {
    return request.toolResult === undefined
      ? "There is no tool to call: offer one in `tools`."
      : `The tool answered: ${request.toolResult}`;
  }
  return request.userText.trim() === ""
    ? "The last user message holds no text to echo."
    : request.userText;
}

function jsonAnswer(request: DemoChatRequest): Json {
  const schema = request.answerSchema ?? {};
  const hasShape = Object.keys(schema).length > 0;
  return hasShape ? sampleOf(schema, excerpt(request)) : { answer: request.userText };
}

/** A short piece of the user's text, to fill in where a schema wants some string. */
function excerpt(request: DemoChatRequest): string {
  const text = request.userText.trim();
  return text === "" ? "text" : [...text.slice(0, 160)].slice(0, 80).join("");
}

function cut(text: string, call: DemoCall | undefined, request: DemoChatRequest): DemoAnswer {
  const limit = Math.min(request.maxTokens ?? MAX_OUTPUT_TOKENS, MAX_OUTPUT_TOKENS);
  const tokens = tokensOf(text, limit + 1);
  const isCut = tokens.length > limit;
  const natural = call === undefined ? "stop" : "tool_calls";
  return {
    tokens: isCut ? tokens.slice(0, limit) : tokens,
    call,
    finishReason: isCut ? "length" : natural,
    inputTokens: request.inputTokens,
  };
}
