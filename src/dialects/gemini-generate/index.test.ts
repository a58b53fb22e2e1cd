// The shared suite of dialects, on samples of everything that this dialect has.

import { readFileSync } from "node:fs";
import type { JsonObject } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { geminiGenerate } from "./index.ts";

const FIXTURES = new URL("../../../test/fixtures/dialects/gemini-generate/", import.meta.url);

function text(name: string): string {
  return readFileSync(new URL(name, FIXTURES), "utf8");
}

function stream(name: string, hasWhole: boolean) {
  const sample = { name: name.replaceAll("-", " "), text: text(`${name}.sse`) };
  return hasWhole ? { ...sample, whole: JSON.parse(text(`${name}.json`)) } : sample;
}

dialectContract(geminiGenerate, {
  requests: JSON.parse(text("requests.json")),
  replies: JSON.parse(text("replies.json")),
  streams: [
    stream("text-and-thoughts", true),
    stream("text-and-calls", true),
    stream("arguments-in-pieces", true),
    stream("grounded", true),
    stream("blocked", false),
    stream("limit-without-parts", false),
    stream("code-and-picture", false),
  ],
  traits: { reasoning: "level" },
  refused: [
    refused("an unknown role", "contents[0].role", { role: "robot", parts: [{ text: "Hi." }] }),
    refused("a result without a call", "contents[0].parts[0].functionResponse.name", {
      role: "user",
      parts: [{ functionResponse: { name: "nobody", response: {} } }],
    }),
    refused("a call without a name", "contents[0].parts[0].functionCall.name", {
      role: "model",
      parts: [{ functionCall: { args: {} } }],
    }),
    refused("a picture that is no base64", "contents[0].parts[0].inlineData.data", {
      role: "user",
      parts: [{ inlineData: { mimeType: "image/png", data: "no data!" } }],
    }),
  ],
});

/** A conversation of one wrong content. */
function refused(name: string, path: string, content: JsonObject) {
  const hints = { model: "sample-model", stream: false };
  return { name, path, hints, body: { contents: [content] } };
}
