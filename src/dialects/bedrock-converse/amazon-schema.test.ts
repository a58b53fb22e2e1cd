import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { JsonObject } from "#core/json.ts";
import { readByAmazon, writtenByAmazon } from "#support/amazon-client.ts";
import type { ReplySample, RequestSample } from "../contract.ts";
import type { NeutralRequest } from "../neutral.ts";
import { sampleClient, sampleUpstream } from "../sample-contexts.ts";
import { bedrockConverse } from "./index.ts";

const { translation } = bedrockConverse;
if (translation === undefined) throw new Error("Converse translates nothing.");
const FOLDER = new URL("../../../test/fixtures/dialects/bedrock-converse/", import.meta.url);

function fixture<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
}

const REQUESTS = fixture<RequestSample[]>("requests.json");
const REPLIES = fixture<ReplySample[]>("replies.json");
const HINTS = { operation: "generate", model: "m", stream: false } as const;

function neutralOf(body: JsonObject): NeutralRequest {
  return translation?.requestToNeutral(body, bedrockConverse.read(body, HINTS)) as NeutralRequest;
}

describe("Amazon's client", () => {
  test.each(REQUESTS)("writes the same as a caller of Bedrock did: $name", async ({ body }) => {
    const upstream = sampleUpstream({ stateOrigins: ["bedrock-converse"] });
    const written = translation.requestFromNeutral(neutralOf(body), upstream);
    expect(written).toEqual(body);
    expect(await writtenByAmazon(written)).toEqual(body);
  });

  test.each(REQUESTS)("knows all of what others ask for: $name", async ({ body }) => {
    const neutral = { ...neutralOf(body), origin: "elsewhere", vendorTools: [] };
    const turns = neutral.turns.map((turn) => ({
      ...turn,
      parts: turn.parts.filter((part) => part.kind !== "vendor"),
    }));
    for (const family of ["claude", "nova", "gpt", "qwen"]) {
      const traits = { family, reasoning: family === "claude" ? "budget" : "effort" } as const;
      const upstream = sampleUpstream({ traits, stateOrigins: ["bedrock-converse"] });
      const request = { ...neutral, turns, responseFormat: undefined as never };
      const written = translation.requestFromNeutral(request, upstream);
      expect(await writtenByAmazon(written)).toEqual(written);
    }
  });

  test.each(REPLIES)("reads the same out of what was written: $name", async ({ body }) => {
    const written = translation.replyFromNeutral(translation.replyToNeutral(body), sampleClient());
    const [given, got] = await Promise.all([readByAmazon(body), readByAmazon(written)]);
    expect(withoutTypes(got.output)).toEqual(withoutTypes(given.output));
    expect(got.usage?.totalTokens).toBe(given.usage?.totalTokens as number);
    // Calls that Bedrock has answered itself are no reason for a client to wait for anything.
    const isAnswered = JSON.stringify(body).includes("server_tool_use");
    expect<string | undefined>(got.stopReason).toBe(isAnswered ? "end_turn" : given.stopReason);
  });
});

/** Claude's calls say that they are calls, others' do not. */
function withoutTypes(output: unknown): unknown {
  return JSON.parse(JSON.stringify(output).replaceAll(',"type":"tool_use"', ""));
}
