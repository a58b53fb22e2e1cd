// Samples of the dialect for its tests: each feature once, written by hand.

import type { Json, JsonObject } from "#core/json.ts";
import { sseFrame } from "#wire/sse.ts";
import type { ReplySample, RequestSample, StreamSample } from "../contract.ts";

const PIXEL = "data:image/png;base64,iVBORw0KGgo=";
const MODEL = "sample-model";

function request(name: string, body: JsonObject): RequestSample {
  return {
    name,
    body: { model: MODEL, messages: [{ role: "user", content: "Hello" }], ...body },
  };
}

const WEATHER: JsonObject = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a place.",
    parameters: { type: "object", properties: { place: { type: "string" } }, required: ["place"] },
    strict: true,
  },
};

function call(id: string, args: string, extra: JsonObject = {}): JsonObject {
  return {
    id,
    type: "function",
    function: { name: "get_weather", arguments: args },
    ...extra,
  };
}

const SIGNED = { extra_content: { google: { thought_signature: "c2lnbmF0dXJl" } } };

export const REQUESTS: readonly RequestSample[] = [
  request("plain text", {}),
  request("roles, names and instructions between turns", {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "developer", content: [{ type: "text", text: "Be kind." }] },
      { role: "user", content: "Hello", name: "ada" },
      { role: "assistant", content: "Hello Ada.", name: "bot" },
      { role: "system", content: "Now speak French." },
      { role: "user", content: "Who are you?" },
    ],
  }),
  request("pictures, sound and files", {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is all this?" },
          { type: "image_url", image_url: { url: PIXEL, detail: "high" } },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
          { type: "input_audio", input_audio: { data: "SUQz", format: "mp3" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" },
          },
          { type: "file", file: { file_id: "file-123" } },
          { type: "video_url", video_url: { url: "https://example.com/a.mp4" } },
        ],
      },
    ],
  }),
  request("parallel calls with results, signatures and a following question", {
    tools: [WEATHER, { type: "function", function: { name: "get_time" } }],
    parallel_tool_calls: true,
    tool_choice: "auto",
    messages: [
      { role: "user", content: "Weather in Oslo and Rome?" },
      {
        role: "assistant",
        content: "I will look.",
        tool_calls: [
          call("call_1", '{"place": "Oslo"}', SIGNED),
          call("call_2", '{"place":"Rome"}'),
          { id: "call_3", type: "function", function: { name: "get_time", arguments: "" } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "rain" },
      {
        role: "tool",
        tool_call_id: "call_2",
        content: [
          { type: "text", text: "see picture" },
          { type: "image_url", image_url: { url: PIXEL } },
        ],
      },
      { role: "tool", tool_call_id: "call_3", content: "noon" },
      { role: "user", content: "And tomorrow?" },
    ],
  }),
  request("a named tool", {
    tools: [WEATHER],
    tool_choice: { type: "function", function: { name: "get_weather" } },
    parallel_tool_calls: false,
  }),
  request("allowed tools", {
    tools: [WEATHER],
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: {
        mode: "required",
        tools: [{ type: "function", function: { name: "get_weather" } }],
      },
    },
  }),
  request("tools of the vendor", {
    tools: [
      { type: "custom", custom: { name: "shell", format: { type: "text" } } },
      WEATHER,
      { type: "openrouter:web_search" },
    ],
    web_search_options: { search_context_size: "low" },
  }),
  request("reasoning that comes back", {
    reasoning_effort: "high",
    messages: [
      { role: "user", content: "Think." },
      { role: "assistant", content: "Thought.", reasoning_content: "Hm, hm." },
      { role: "user", content: "Again." },
      {
        role: "assistant",
        content: "Done.",
        reasoning_details: [
          { type: "reasoning.text", text: "Hm", signature: "c2ln", format: "unknown", index: 0 },
          {
            type: "reasoning.encrypted",
            data: "ZGF0YQ==",
            id: "rs_1",
            format: "unknown",
            index: 1,
          },
        ],
      },
      { role: "user", content: "More." },
    ],
  }),
  request("a refusal in the history", {
    messages: [
      { role: "user", content: "Do harm." },
      { role: "assistant", content: null, refusal: "I will not." },
      { role: "user", content: "Please?" },
    ],
  }),
  request("sampling, caps and the user", {
    max_tokens: 100,
    temperature: 0.2,
    top_p: 0.9,
    seed: 7,
    presence_penalty: 0.1,
    frequency_penalty: -0.1,
    stop: ["END"],
    n: 2,
    logit_bias: { "50256": -100 },
    logprobs: true,
    top_logprobs: 3,
    user: "user-1",
    metadata: { team: "a" },
    service_tier: "flex",
  }),
  request("JSON mode in a stream", {
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 64,
    response_format: { type: "json_object" },
    messages: [{ role: "user", content: "Answer in JSON." }],
  }),
  request("a schema", {
    response_format: {
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema: { type: "object" }, description: "It." },
    },
    models: ["a", "b"],
    provider: { order: ["x"] },
  }),
];

const USAGE: JsonObject = {
  prompt_tokens: 100,
  completion_tokens: 30,
  total_tokens: 130,
  prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 8, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 10, audio_tokens: 0 },
};

function reply(name: string, choices: readonly JsonObject[], extra: JsonObject = {}): ReplySample {
  return {
    name,
    body: {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_790_000_000,
      model: "sample-model-2026-01-01",
      choices: [...choices],
      usage: USAGE,
      ...extra,
    },
  };
}

function choice(message: JsonObject, finish: string, extra: JsonObject = {}): JsonObject {
  return {
    index: 0,
    message: { role: "assistant", ...message },
    finish_reason: finish,
    ...extra,
  };
}

const TEXT = reply("text", [choice({ content: "Hello there." }, "stop")], {
  service_tier: "default",
});
const CALLS = reply("parallel calls", [
  choice(
    {
      content: null,
      tool_calls: [call("call_1", '{"place":"Oslo"}', SIGNED), call("call_2", '{"place":"Rome"}')],
    },
    "tool_calls",
  ),
]);
const REASONING = reply("reasoning with a signature", [
  choice(
    {
      content: "42",
      reasoning: "Let me see.",
      reasoning_details: [
        {
          type: "reasoning.text",
          text: "Let me see.",
          signature: "c2ln",
          format: "anthropic-claude-v1",
          index: 0,
        },
        { type: "reasoning.encrypted", data: "ZGF0YQ==", format: "anthropic-claude-v1", index: 1 },
      ],
    },
    "stop",
  ),
]);
const TWO_CHOICES = reply("two choices", [
  choice({ content: "One." }, "stop"),
  { ...choice({ content: "Two." }, "length"), index: 1 },
]);
const REFUSAL = reply("a refusal", [choice({ content: null, refusal: "I will not." }, "stop")]);

export const REPLIES: readonly ReplySample[] = [
  TEXT,
  CALLS,
  REASONING,
  TWO_CHOICES,
  REFUSAL,
  reply("cut by the limit without any text", [choice({ content: "" }, "length")]),
  reply("blocked by a filter", [
    choice({ content: null }, "content_filter", {
      content_filter_results: { hate: { filtered: true } },
    }),
  ]),
  reply("a stop sequence as vLLM reports it", [
    choice({ content: "Up to here" }, "stop", { stop_reason: "END" }),
  ]),
  reply("logprobs, annotations and pictures", [
    choice(
      {
        content: "See.",
        annotations: [{ type: "url_citation", url_citation: { url: "https://example.com" } }],
        images: [{ type: "image_url", image_url: { url: PIXEL } }],
      },
      "stop",
      { logprobs: { content: [{ token: "See", logprob: -0.1, bytes: null, top_logprobs: [] }] } },
    ),
  ]),
  reply("sound", [
    choice({ content: null, audio: { id: "a1", data: "AA==", transcript: "Hi" } }, "stop"),
  ]),
  reply("a call of a custom tool", [
    choice(
      {
        content: null,
        tool_calls: [{ id: "c1", type: "custom", custom: { name: "shell", input: "ls" } }],
      },
      "tool_calls",
    ),
  ]),
];

/** Chunks as a stream. */
export function chunks(
  list: readonly (JsonObject | "done")[],
  head: JsonObject = {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "sample-model-2026-01-01",
  },
): string {
  return list
    .map((chunk) => sseFrame(chunk === "done" ? "[DONE]" : JSON.stringify({ ...head, ...chunk })))
    .join("");
}

/** A chunk with one delta of one choice. */
export function delta(piece: JsonObject, finish: Json = null, index = 0): JsonObject {
  return { choices: [{ index, delta: piece, finish_reason: finish }] };
}

const USAGE_CHUNK: JsonObject = { choices: [], usage: USAGE };

/** A delta of one call. */
export function callDelta(index: number, called: JsonObject, extra: JsonObject = {}): JsonObject {
  return delta({ tool_calls: [{ index, ...extra, function: called }] });
}

function stream(name: string, text: string, whole?: ReplySample): StreamSample {
  return { name, text, ...(whole !== undefined && { whole: whole.body }) };
}

export const STREAMS: readonly StreamSample[] = [
  stream(
    "text",
    chunks([
      delta({ role: "assistant", content: "" }),
      delta({ content: "Hello" }),
      delta({ content: " there." }),
      delta({}, "stop"),
      USAGE_CHUNK,
      "done",
    ]),
    TEXT,
  ),
  stream(
    "parallel calls, names only once and empty later",
    chunks([
      delta({ role: "assistant", content: null }),
      callDelta(
        0,
        { name: "get_weather", arguments: "" },
        { id: "call_1", type: "function", ...SIGNED },
      ),
      callDelta(0, { name: "", arguments: '{"place":' }, { id: "" }),
      callDelta(0, { arguments: '"Oslo"}' }),
      callDelta(1, { name: "get_weather", arguments: "" }, { id: "call_2", type: "function" }),
      callDelta(1, { name: "", arguments: '{"place":"Rome"}' }),
      delta({}, "tool_calls"),
      USAGE_CHUNK,
      "done",
    ]),
    CALLS,
  ),
  stream(
    "calls whose pieces take turns",
    chunks([
      callDelta(0, { name: "get_weather", arguments: '{"pla' }, { id: "call_1", ...SIGNED }),
      callDelta(1, { name: "get_weather", arguments: '{"place":' }, { id: "call_2" }),
      callDelta(0, { arguments: 'ce":"Oslo"' }),
      callDelta(1, { arguments: '"Rome"}' }),
      callDelta(0, { arguments: "}" }),
      delta({}, "tool_calls"),
      USAGE_CHUNK,
      "done",
    ]),
    CALLS,
  ),
  stream(
    "reasoning with a signature",
    chunks([
      reasoningDelta("Let me", { type: "reasoning.text", text: "Let me", index: 0 }),
      reasoningDelta(" see.", { type: "reasoning.text", text: " see.", index: 0 }),
      reasoningDelta("", {
        type: "reasoning.text",
        signature: "c2ln",
        format: "anthropic-claude-v1",
        index: 0,
      }),
      reasoningDelta("", {
        type: "reasoning.encrypted",
        data: "ZGF0YQ==",
        format: "anthropic-claude-v1",
        index: 1,
      }),
      delta({ content: "42" }),
      delta({}, "stop"),
      USAGE_CHUNK,
      "done",
    ]),
    REASONING,
  ),
  stream(
    "two choices that take turns",
    chunks([
      delta({ role: "assistant", content: "On" }, null, 0),
      delta({ role: "assistant", content: "Tw" }, null, 1),
      delta({ content: "e." }, null, 0),
      delta({ content: "o." }, null, 1),
      delta({}, "length", 1),
      delta({}, "stop", 0),
      USAGE_CHUNK,
      "done",
    ]),
    TWO_CHOICES,
  ),
  stream(
    "a refusal",
    chunks([
      delta({ role: "assistant", refusal: "I will" }),
      delta({ refusal: " not." }),
      delta({}, "stop"),
      USAGE_CHUNK,
      "done",
    ]),
    REFUSAL,
  ),
  stream(
    "sound and pictures",
    chunks([
      delta({ audio: { id: "a1", transcript: "Hi" } }),
      delta({ audio: { data: "AA==" } }),
      delta({ images: [{ type: "image_url", image_url: { url: PIXEL } }] }),
      delta({ content: "There.", annotations: [{ type: "url_citation" }] }),
      delta({}, "stop"),
      "done",
    ]),
  ),
  stream(
    "an error within",
    `${chunks([delta({ content: "He" })])}event: error\ndata: {"error":{"message":"Tool call validation failed","type":"invalid_request_error","code":"tool_use_failed","status_code":400}}\n\n`,
  ),
];

function reasoningDelta(text: string, detail: JsonObject): JsonObject {
  return delta({ ...(text !== "" && { reasoning: text }), reasoning_details: [detail] });
}
