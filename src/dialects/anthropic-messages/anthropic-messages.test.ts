// The shared suite of dialects, on samples of everything that this dialect has.

import { readFileSync } from "node:fs";
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
});
