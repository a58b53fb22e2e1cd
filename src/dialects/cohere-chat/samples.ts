// Samples of Cohere's chat for the suite that every dialect passes, written after its documentation.

import type { DialectSamples } from "../contract.ts";

const WEATHER = {
  type: "function",
  function: {
    name: "get_weather",
    description: "Weather of a place.",
    parameters: { type: "object", properties: { place: { type: "string" } } },
  },
};

function frames(...events: readonly object[]): string {
  return events
    .map((event) => {
      const type = "type" in event ? String(event.type) : "";
      return `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join("");
}

function started(id: string): object {
  const message = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  return { type: "message-start", id, delta: { message } };
}

function content(index: number, value: object, step = "delta"): object {
  return { type: `content-${step}`, index, delta: { message: { content: value } } };
}

function call(index: number, value: object, step: string): object {
  return { type: `tool-call-${step}`, index, delta: { message: { tool_calls: value } } };
}

const USED = {
  billed_units: { input_tokens: 12, output_tokens: 7 },
  tokens: { input_tokens: 507, output_tokens: 10 },
  cached_tokens: 448,
};

function ended(reason: string): object {
  return { type: "message-end", delta: { finish_reason: reason, usage: USED } };
}

const CITATION = {
  start: 13,
  end: 18,
  text: "Paris",
  sources: [
    { type: "document", id: "doc-1", document: { title: "Towns", text: "Paris is a capital." } },
  ],
  content_index: 1,
  type: "TEXT_CONTENT",
};

const ANSWER = [
  { type: "thinking", thinking: "A capital is asked for." },
  { type: "text", text: "It is called Paris. 🗼" },
];

const CALLS = {
  tool_plan: "I will look up the weather.",
  tool_calls: [
    {
      id: "get_weather_a1",
      type: "function",
      function: { name: "get_weather", arguments: '{"place": "Oslo"}' },
    },
    { id: "now_b2", type: "function", function: { name: "now", arguments: "null" } },
  ],
};

/** The samples. */
export const COHERE_SAMPLES: DialectSamples = {
  requests: [
    {
      name: "plain",
      body: { model: "command-a-03-2025", messages: [{ role: "user", content: "Hello." }] },
    },
    {
      name: "settings",
      body: {
        model: "command-a-03-2025",
        stream: true,
        messages: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "What is this?" },
              {
                type: "image_url",
                image_url: { url: "data:image/png;base64,AAAA", detail: "low" },
              },
              { type: "image_url", image_url: { url: "https://h.example/a.png" } },
            ],
          },
        ],
        max_tokens: 90,
        temperature: 0.3,
        p: 0.9,
        k: 20,
        seed: 7,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        stop_sequences: ["END"],
        thinking: { type: "enabled", token_budget: 500 },
        response_format: { type: "json_object", json_schema: { type: "object", properties: {} } },
        documents: [{ id: "doc-1", data: { text: "Paris is a capital." } }],
        citation_options: { mode: "ACCURATE" },
        safety_mode: "STRICT",
      },
    },
    {
      name: "tools",
      body: {
        model: "command-a-03-2025",
        strict_tools: true,
        tool_choice: "REQUIRED",
        tools: [WEATHER, { type: "function", function: { name: "now" } }],
        thinking: { type: "disabled" },
        messages: [
          { role: "user", content: "Weather?" },
          { role: "assistant", ...CALLS },
          { role: "tool", tool_call_id: "get_weather_a1", content: "rain" },
          {
            role: "tool",
            tool_call_id: "now_b2",
            content: [{ type: "document", document: { id: "1", data: { time: "noon" } } }],
          },
          { role: "assistant", content: ANSWER, citations: [CITATION] },
          { role: "system", content: "Be kind." },
          { role: "user", content: "Thanks." },
        ],
      },
    },
  ],
  replies: [
    {
      name: "text with thoughts and citations",
      body: {
        id: "r-1",
        finish_reason: "COMPLETE",
        message: { role: "assistant", content: ANSWER, citations: [CITATION] },
        usage: USED,
      },
    },
    {
      name: "calls",
      body: {
        id: "r-2",
        finish_reason: "TOOL_CALL",
        message: { role: "assistant", ...CALLS },
        usage: { tokens: { input_tokens: 20, output_tokens: 9 } },
      },
    },
    {
      name: "a limit before the first word",
      body: {
        id: "r-3",
        finish_reason: "MAX_TOKENS",
        message: { role: "assistant", content: [] },
        usage: { billed_units: { input_tokens: 3, output_tokens: 1 } },
      },
    },
  ],
  streams: [
    {
      name: "text with thoughts and citations",
      text: frames(
        started("r-1"),
        content(0, { type: "thinking", thinking: "" }, "start"),
        content(0, { thinking: "A capital " }),
        content(0, { thinking: "is asked for." }),
        { type: "content-end", index: 0 },
        content(1, { type: "text", text: "" }, "start"),
        content(1, { text: "It is called " }),
        content(1, { text: "Paris. 🗼" }),
        { type: "content-end", index: 1 },
        { type: "citation-start", index: 0, delta: { message: { citations: CITATION } } },
        { type: "citation-end", index: 0 },
        { type: "not-yet-invented", index: 3 },
        ended("COMPLETE"),
      ),
      whole: {
        id: "r-1",
        finish_reason: "COMPLETE",
        message: { role: "assistant", content: ANSWER, citations: [CITATION] },
        usage: USED,
      },
    },
    {
      name: "calls",
      text: frames(
        started("r-2"),
        { type: "tool-plan-delta", delta: { message: { tool_plan: "I will look " } } },
        { type: "tool-plan-delta", delta: { message: { tool_plan: "up the weather." } } },
        call(
          0,
          { ...CALLS.tool_calls[0], function: { name: "get_weather", arguments: "" } },
          "start",
        ),
        call(0, { function: { arguments: '{"place":' } }, "delta"),
        call(0, { function: { arguments: ' "Oslo"}' } }, "delta"),
        { type: "tool-call-end", index: 0 },
        call(1, { ...CALLS.tool_calls[1], function: { name: "now", arguments: "" } }, "start"),
        { type: "tool-call-end", index: 1 },
        ended("TOOL_CALL"),
      ),
      whole: {
        id: "r-2",
        finish_reason: "TOOL_CALL",
        message: { role: "assistant", ...CALLS },
        usage: USED,
      },
    },
  ],
};
