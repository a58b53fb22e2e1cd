import { readFileSync } from "node:fs";
import { type DialectSamples, dialectContract } from "../contract.ts";
import { bedrockConverse } from "./index.ts";

const FOLDER = new URL("../../../test/fixtures/dialects/bedrock-converse/", import.meta.url);

function fixture<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
}

const HINTS = { model: "sample.model-v1:0", stream: false };

dialectContract(bedrockConverse, {
  requests: fixture<DialectSamples["requests"]>("requests.json").map((sample) => {
    return { ...sample, hints: HINTS };
  }),
  replies: fixture("replies.json"),
  streams: fixture("streams.json"),
  traits: { reasoning: "budget", family: "claude" },
});
