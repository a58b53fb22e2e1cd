// The response object around an answer, with every member that OpenAI's own schema demands
// (openai/openai-openapi 2.3.0, 2026-08). What the call said of itself is repeated; instructions and
// tools are not, for their size.

import type { CallFacts } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { repeatedSettings } from "./echo.ts";

/** What is known of a response before its answer. */
export interface ResponseHead {
  readonly id: string;
  readonly model?: string;
  /** Seconds since the epoch. */
  readonly createdAt?: number;
  readonly facts?: CallFacts;
}

/** A response without an answer. Nothing of it is stored anywhere. */
export function responseShell({ id, model, createdAt, facts }: ResponseHead): JsonObject {
  const settings = facts === undefined ? {} : repeatedSettings(facts);
  return {
    id,
    object: "response",
    created_at: createdAt ?? 0,
    completed_at: null,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model: model ?? "",
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    safety_identifier: null,
    service_tier: null,
    store: false,
    temperature: null,
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: null,
    truncation: "disabled",
    usage: null,
    user: null,
    metadata: {},
    ...settings,
    reasoning: { effort: null, summary: null, ...asObject(settings["reasoning"]) },
    text: { format: { type: "text" }, ...asObject(settings["text"]) },
  };
}
