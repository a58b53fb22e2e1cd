// The shared suite of dialects, on samples of everything that this dialect has.

import { readFileSync } from "node:fs";
import { asArray, asObject } from "#core/json.ts";
import { dialectContract } from "../contract.ts";
import { openaiResponses } from "./index.ts";

const FIXTURES = new URL("../../../test/fixtures/dialects/openai-responses/", import.meta.url);

function text(name: string): string {
  return readFileSync(new URL(name, FIXTURES), "utf8");
}

const replies = JSON.parse(text("replies.json"));

function whole(name: string) {
  const found = asArray(replies).find((reply) => asObject(reply)?.["name"] === name);
  const body = asObject(asObject(found)?.["body"]);
  if (body === undefined) throw new Error(`There is no reply "${name}".`);
  return body;
}

function stream(name: string, file: string) {
  return { name, text: text(`${file}.sse`), whole: whole(name) };
}

dialectContract(openaiResponses, {
  requests: JSON.parse(text("requests.json")),
  replies,
  streams: [
    stream("text", "text"),
    stream("reasoning and calls", "reasoning-and-calls"),
    stream("hidden reasoning", "hidden-reasoning"),
    stream("searches and cites", "searches-and-cites"),
    stream("refusal", "refusal"),
    stream("custom call", "custom-call"),
    {
      name: "overlapping items",
      text: text("overlapping.sse"),
      whole: JSON.parse(text("overlapping.json")),
    },
    { name: "only the end", text: text("only-the-end.sse"), whole: whole("reasoning and calls") },
  ],
});
