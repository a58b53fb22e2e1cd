// The operations beside conversations, as OpenAI's own client calls them: their bodies pass, they are
// routed, metered and priced where the answer tells what was used.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type OpenAI from "openai";
import { asObject } from "#core/json.ts";
import { failure, verbatim } from "#support/upstream/upstream.ts";
import { brief } from "./ledger.ts";
import { type OperationsBench, PROVIDER_KEY, startOperationsBench } from "./operations-bench.ts";

let bench: OperationsBench;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startOperationsBench();
  openai = bench.openai;
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

function json(body: unknown) {
  return verbatim({ status: 200, body: JSON.stringify(body) });
}

describe("moderations", () => {
  const REPLY = { id: "modr-1", model: "omni", results: [{ flagged: false, categories: {} }] };

  test("pass both ways and cost nothing at OpenAI", async () => {
    bench.upstream.always("omni-moderation-latest", json(REPLY));
    const { data, response } = await openai.moderations
      .create({ model: "oai/omni-moderation-latest", input: ["Hello.", "You."] })
      .withResponse();
    expect(data as unknown).toEqual(REPLY);
    const seen = bench.lastRequest();
    expect(seen.target).toBe("/v1/moderations");
    expect(seen.json).toEqual({ model: "omni-moderation-latest", input: ["Hello.", "You."] });
    expect(seen.header("authorization")).toBe(`Bearer ${PROVIDER_KEY}`);
    const record = await bench.recordOf(response.headers);
    expect(brief(record)).toMatchObject({
      outcome: "answered",
      cost: "0",
      notices: ["estimated:usage"],
    });
    expect(asObject(record["facts"])).toMatchObject({ operation: "moderate" });
    expect(response.headers.get("x-sluice-target")).toBe("oai/omni-moderation-latest");
  });

  test("without a model are refused with the field's name", async () => {
    const refused = await openai.moderations.create({ input: "a" }).catch((error) => error);
    expect(refused).toMatchObject({ status: 400, code: "invalid_request", param: "model" });
  });
});

describe("text completions", () => {
  const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

  test("pass both ways and are priced", async () => {
    const reply = {
      id: "cmpl-1",
      object: "text_completion",
      created: 1,
      model: "gpt-3.5-turbo-instruct",
      choices: [{ text: " world", index: 0, logprobs: null, finish_reason: "stop" }],
      usage: USAGE,
    };
    bench.upstream.always("gpt-3.5-turbo-instruct", json(reply));
    const { data, response } = await openai.completions
      .create({ model: "oai/gpt-3.5-turbo-instruct", prompt: "Hello", max_tokens: 5 })
      .withResponse();
    expect(data as unknown).toEqual(reply);
    expect(bench.lastRequest().target).toBe("/v1/completions");
    // 3 at $1.50 and 2 at $2.00 a million.
    expect(response.headers.get("x-sluice-cost-usd")).toBe("0.0000085");
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      used: { input: 3, output: 2, source: "provider" },
      cost: "0.0000085",
    });
  });

  test.each([true, false])("stream, with usage where it was asked for: %p", async (wantsUsage) => {
    const chunk = (text: string, stop: string | null) =>
      `data: ${JSON.stringify({ id: "c", object: "text_completion", created: 1, model: "m", choices: [{ text, index: 0, logprobs: null, finish_reason: stop }] })}\n\n`;
    const usage = `data: ${JSON.stringify({ id: "c", object: "text_completion", created: 1, model: "m", choices: [], usage: USAGE })}\n\n`;
    const body = `${chunk(" wor", null)}${chunk("ld", "stop")}${usage}data: [DONE]\n\n`;
    bench.upstream.always(
      "gpt-3.5-turbo-instruct",
      verbatim({ status: 200, contentType: "text/event-stream", body }),
    );
    const { data: stream, response } = await openai.completions
      .create({
        model: "oai/gpt-3.5-turbo-instruct",
        prompt: "Hello",
        stream: true,
        ...(wantsUsage && { stream_options: { include_usage: true } }),
      })
      .withResponse();
    let text = "";
    let told = 0;
    for await (const each of stream) {
      text += each.choices[0]?.text ?? "";
      if (each.usage) told += 1;
    }
    expect([text, told]).toEqual([" world", wantsUsage ? 1 : 0]);
    expect(asObject(bench.lastRequest().json)?.["stream_options"]).toEqual({ include_usage: true });
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      outcome: "answered",
      used: { input: 3, output: 2, source: "provider" },
      cost: "0.0000085",
    });
  });

  test("that break off in a stream end with an error and are estimated", async () => {
    const chunk = `data: ${JSON.stringify({ choices: [{ text: "half", index: 0, finish_reason: null }] })}\n\n`;
    bench.upstream.always(
      "gpt-3.5-turbo-instruct",
      verbatim({ status: 200, contentType: "text/event-stream", body: chunk }),
    );
    const { data: stream, response } = await openai.completions
      .create({ model: "oai/gpt-3.5-turbo-instruct", prompt: "Hello", stream: true })
      .withResponse();
    const broken = await (async () => {
      for await (const _ of stream);
    })().catch((error: unknown) => error);
    expect(String(broken)).toContain("broke off");
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      outcome: "truncated",
      used: { source: "estimated" },
    });
  });
});

describe("images that are made", () => {
  const REPLY = {
    created: 1,
    data: [{ b64_json: "aGVsbG8=" }],
    usage: {
      input_tokens: 50,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
      output_tokens: 100,
      total_tokens: 150,
    },
  };

  test("pass both ways, the next target taking over, and are priced by their tokens", async () => {
    bench.upstream.script("gpt-image-1", failure(503), json(REPLY));
    const { data, response } = await openai.images
      .generate({ model: "pictures", prompt: "A cat.", n: 1, size: "1024x1024" })
      .withResponse();
    expect(data as unknown).toEqual(REPLY);
    expect(bench.lastRequest().target).toBe("/v1/images/generations");
    expect(bench.lastRequest().json).toEqual({
      model: "gpt-image-1",
      prompt: "A cat.",
      n: 1,
      size: "1024x1024",
    });
    const written = brief(await bench.recordOf(response.headers));
    expect(written).toMatchObject({
      attempts: ["overloaded 503", "succeeded 200"],
      target: "spare/gpt-image-1",
      used: { input: 50, output: 100, source: "provider" },
    });
    // Nobody knows what the second provider takes.
    expect(written.notices).toContain("unpriced:model");
    expect(written.cost).toBeNull();
  });

  test("cost what the catalogue says for text, image and output", async () => {
    bench.upstream.always("gpt-image-1", json(REPLY));
    const { response } = await openai.images
      .generate({ model: "oai/gpt-image-1", prompt: "A cat." })
      .withResponse();
    // 10 at $5, 40 at $10 and 100 at $40 a million.
    expect(response.headers.get("x-sluice-cost-usd")).toBe("0.00445");
  });

  test("without counters have no price, and are flagged", async () => {
    const { usage: _, ...silent } = REPLY;
    bench.upstream.always("gpt-image-1", json(silent));
    const { response } = await openai.images
      .generate({ model: "oai/gpt-image-1", prompt: "A cat." })
      .withResponse();
    expect(response.headers.get("x-sluice-cost-usd")).toBeNull();
    expect(response.headers.get("x-sluice-notices")).toBe("estimated:usage, unpriced:usage");
  });

  test("stream as events, their last one telling the usage", async () => {
    const event = (body: object) =>
      `event: ${(body as { type: string }).type}\ndata: ${JSON.stringify(body)}\n\n`;
    const image = "QUJD".repeat(100_000);
    const body =
      event({ type: "image_generation.partial_image", b64_json: image, partial_image_index: 0 }) +
      event({ type: "image_generation.completed", b64_json: image, usage: REPLY.usage });
    bench.upstream.always(
      "gpt-image-1",
      verbatim({ status: 200, contentType: "text/event-stream", body }),
    );
    const { data: stream, response } = await openai.images
      .generate({ model: "oai/gpt-image-1", prompt: "A cat.", stream: true, partial_images: 1 })
      .withResponse();
    const types: string[] = [];
    for await (const each of stream) {
      types.push(each.type);
      expect(each.b64_json).toBe(image);
    }
    expect(types).toEqual(["image_generation.partial_image", "image_generation.completed"]);
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      outcome: "answered",
      used: { input: 50, output: 100, source: "provider" },
      cost: "0.00445",
    });
  });
});
