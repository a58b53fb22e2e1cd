// The shared suite of dialects, on samples of everything that this dialect has.

import { readFileSync } from "node:fs";
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
});
