// A request of this API that is written anew for this API, and for another.

import { expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { openaiResponses } from "./index.ts";

const BODY = {
  model: "m",
  input: "Hello.",
  prompt_cache_key: "k",
  reasoning: { effort: "low", context: "auto" },
  text: { verbosity: "low", format: { type: "json_object" } },
  include: ["web_search_call.results"],
};

function written(origin: string): { body: JsonObject; notices: readonly string[] } {
  const { translation } = openaiResponses;
  if (translation === undefined) throw new Error("There is no translation.");
  const hints = { operation: "generate", model: "", stream: undefined } as const;
  const request = translation.requestToNeutral(BODY, openaiResponses.read(BODY, hints));
  const upstream = sampleUpstream();
  const body = translation.requestFromNeutral({ ...request, origin }, upstream);
  return { body, notices: upstream.notices.filter((notice) => notice.startsWith("dropped:")) };
}

test("its own members find their places again", () => {
  const { body, notices } = written("openai-responses");
  expect(body).toMatchObject({
    prompt_cache_key: "k",
    reasoning: { effort: "low", context: "auto" },
    text: { verbosity: "low", format: { type: "json_object" } },
    include: ["reasoning.encrypted_content", "web_search_call.results"],
  });
  expect(notices).toEqual([]);
});

test("members of another dialect are announced, whatever they are called", () => {
  const { body, notices } = written("elsewhere");
  expect(body).not.toHaveProperty("prompt_cache_key");
  expect(notices.toSorted()).toEqual([
    "dropped:include",
    "dropped:prompt_cache_key",
    "dropped:reasoning.context",
    "dropped:text.verbosity",
  ]);
});
