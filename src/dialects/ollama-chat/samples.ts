// Samples of Ollama's chat for the suite that every dialect passes, written after its schema. The lines
// of its streams are put into frames of server-sent events here, which look the same to a decoder.

import type { DialectSamples } from "../contract.ts";

const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a place.",
    parameters: { type: "object", properties: { place: { type: "string" } } },
  },
};

const NOW = {
  type: "function",
  function: { name: "now", parameters: { type: "object", properties: {} } },
};

const HEAD = { model: "qwen3:8b", created_at: "2026-11-22T10:20:30.123456Z" };
const COUNTERS = {
  total_duration: 4_883_583_458,
  load_duration: 1_334_875,
  prompt_eval_count: 26,
  prompt_eval_cached_count: 10,
  prompt_eval_duration: 342_546_000,
  eval_count: 282,
  eval_duration: 4_535_599_000,
};

function frames(...lines: readonly object[]): string {
  return lines.map((line) => `data: ${JSON.stringify({ ...HEAD, ...line })}\n\n`).join("");
}

function piece(members: object): object {
  return { message: { role: "assistant", content: "", ...members }, done: false };
}

function ended(reason: string): object {
  return {
    message: { role: "assistant", content: "" },
    done: true,
    done_reason: reason,
    ...COUNTERS,
  };
}

const CALLS = [
  { function: { index: 0, name: "get_weather", arguments: { place: "Oslo", days: 2 } } },
  { id: "call_given", function: { index: 1, name: "now", arguments: {} } },
];

/** The samples. */
export const OLLAMA_SAMPLES: DialectSamples = {
  traits: { reasoning: "level" },
  requests: [
    {
      name: "plain",
      body: { model: "llama3.2", messages: [{ role: "user", content: "Hello." }], stream: false },
    },
    {
      name: "settings",
      body: {
        model: "gpt-oss:20b",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "What is this?", images: ["iVBORw0KGgoAAAA", "/9j/AAAA"] },
        ],
        think: "high",
        format: { type: "object", properties: { name: { type: "string" } } },
        keep_alive: "10m",
        options: {
          temperature: 0.4,
          top_p: 0.9,
          top_k: 20,
          seed: 7,
          stop: ["END"],
          num_predict: 90,
          num_ctx: 8192,
        },
      },
    },
    {
      name: "tools",
      body: {
        model: "qwen3:8b",
        stream: true,
        think: false,
        format: "json",
        tools: [WEATHER, NOW],
        messages: [
          { role: "user", content: "Weather?" },
          { role: "assistant", content: "I will look.", thinking: "Oslo.", tool_calls: CALLS },
          { role: "tool", content: "rain", tool_name: "get_weather" },
          { role: "tool", content: "noon", tool_call_id: "call_given" },
          { role: "system", content: "Be kind." },
          { role: "user", content: "Thanks." },
        ],
      },
    },
  ],
  replies: [
    {
      name: "text with thoughts",
      body: {
        ...HEAD,
        message: { role: "assistant", content: "42 🐈", thinking: "Let me see." },
        done: true,
        done_reason: "stop",
        ...COUNTERS,
      },
    },
    {
      name: "calls",
      body: {
        ...HEAD,
        message: { role: "assistant", content: "", tool_calls: CALLS },
        done: true,
        done_reason: "stop",
        ...COUNTERS,
      },
    },
    {
      name: "a limit, without counters of the prompt",
      body: {
        ...HEAD,
        message: { role: "assistant", content: "It is" },
        done: true,
        done_reason: "length",
        eval_count: 2,
      },
    },
  ],
  streams: [
    {
      name: "text with thoughts",
      text: frames(
        piece({ thinking: "Let me" }),
        piece({ thinking: " see." }),
        piece({ content: "42" }),
        piece({ content: " 🐈" }),
        ended("stop"),
      ),
      whole: {
        ...HEAD,
        message: { role: "assistant", content: "42 🐈", thinking: "Let me see." },
        done: true,
        done_reason: "stop",
        ...COUNTERS,
      },
    },
    {
      name: "calls",
      text: frames(
        piece({ content: "I will look." }),
        piece({ tool_calls: [CALLS[0]] }),
        piece({ tool_calls: [CALLS[1]] }),
        ended("stop"),
      ),
      whole: {
        ...HEAD,
        message: { role: "assistant", content: "I will look.", tool_calls: CALLS },
        done: true,
        done_reason: "stop",
        ...COUNTERS,
      },
    },
  ],
};
