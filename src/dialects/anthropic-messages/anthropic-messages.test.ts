// The shared suite of dialects, on samples of everything that this dialect has.

import { readFileSync } from "node:fs";
import type { JsonObject } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { anthropicMessages } from "./index.ts";

const FIXTURES = new URL("../../../test/fixtures/dialects/anthropic-messages/", import.meta.url);

function text(name: string): string {
  return readFileSync(new URL(name, FIXTURES), "utf8");
}

dialectContract(anthropicMessages, {
  requests: JSON.parse(text("requests.json")),
  replies: JSON.parse(text("replies.json")),
  streams: [
    {
      name: "thinking and tools",
      text: text("thinking-and-tools.sse"),
      whole: JSON.parse(text("thinking-and-tools.json")),
    },
    { name: "searches and cites", text: text("searches-and-cites.sse") },
    { name: "refusal", text: text("refusal.sse") },
    { name: "restarted by a proxy", text: text("restarted.sse") },
  ],
  traits: { reasoning: "adaptive" },
  refused: [
    refused("an unknown role", "messages[0].role", { role: "robot", content: "Hi." }),
    refused("a result without a call", "messages[0].content[0].tool_use_id", {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "nobody", content: "sun" }],
    }),
    refused("a picture that is no base64", "messages[0].content[0].source.data", {
      role: "user",
      content: [
        { type: "image", source: { type: "base64", media_type: "image/png", data: "no data!" } },
      ],
    }),
    refused("a call whose input is no object", "messages[0].content[0].input", {
      role: "assistant",
      content: [{ type: "tool_use", id: "a", name: "f", input: "x" }],
    }),
  ],
});

/** A conversation of one wrong message. */
function refused(name: string, path: string, message: JsonObject) {
  return { name, path, body: { model: "sample-model", max_tokens: 9, messages: [message] } };
}
