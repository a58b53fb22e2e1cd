// Sound and images that come as files, as OpenAI's own client sends them, and answers that are no JSON.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type OpenAI from "openai";
import { toFile } from "openai";
import { asObject } from "#core/json.ts";
import {
  ANY_MODEL,
  closedGate,
  failure,
  type RecordedRequest,
  resetBeforeReply,
  verbatim,
} from "#support/upstream/upstream.ts";
import { brief } from "./ledger.ts";
import { CALLER_KEY, type OperationsBench, startOperationsBench } from "./operations-bench.ts";

let bench: OperationsBench;
let openai: OpenAI;
beforeAll(async () => {
  bench = await startOperationsBench();
  openai = bench.openai;
});
afterAll(async () => {
  // Answers that broke off are no faults of ours.
  expect(bench.gateway.stderr).not.toMatch(/^error|^\s+at /m);
  await bench.stop();
});
beforeEach(() => bench.upstream.clear());

function json(body: unknown) {
  return verbatim({ status: 200, body: JSON.stringify(body) });
}

/** Calls that have begun and not ended. */
async function gatewayInFlight(): Promise<number> {
  const headers = { authorization: `Bearer ${bench.gateway.adminKey}` };
  const text = await (await fetch(`${bench.gateway.baseUrl}/metrics`, { headers })).text();
  return Number(/^sluice_in_flight (\d+)$/m.exec(text)?.[1]);
}

/** The form that the upstream got. */
async function formOf(request: RecordedRequest): Promise<Record<string, unknown>> {
  const headers = { "content-type": request.header("content-type") ?? "" };
  const form = await new Response(request.body as BodyInit, { headers }).formData();
  const fields: Record<string, unknown> = {};
  form.forEach((value, name) => {
    fields[name] = typeof value === "string" ? value : value.size;
  });
  return fields;
}

function sound(bytes: number): Promise<File> {
  return toFile(Buffer.alloc(bytes, "sound "), "speech.mp3", { type: "audio/mpeg" });
}

describe("transcripts", () => {
  const REPLY = {
    text: "Hello there.",
    usage: {
      type: "tokens",
      input_tokens: 114,
      input_token_details: { text_tokens: 14, audio_tokens: 100 },
      output_tokens: 31,
      total_tokens: 145,
    },
  };

  test.each([2_000, 3_000_000])(
    "of a file of %d bytes pass, and are priced by their tokens",
    async (size) => {
      bench.upstream.always(ANY_MODEL, json(REPLY));
      const { data, response } = await openai.audio.transcriptions
        .create({ file: await sound(size), model: "oai/gpt-4o-transcribe", language: "en" })
        .withResponse();
      expect(data as unknown).toEqual(REPLY);
      const seen = bench.lastRequest();
      expect(seen.target).toBe("/v1/audio/transcriptions");
      expect(await formOf(seen)).toEqual({
        file: size,
        model: "gpt-4o-transcribe",
        language: "en",
      });
      expect(Buffer.from(seen.body).includes("sound sound")).toBe(true);
      // 14 at $2.50, 100 at $6 and 31 at $10 a million.
      expect(response.headers.get("x-sluice-cost-usd")).toBe("0.000945");
      expect(response.headers.get("x-sluice-target")).toBe("oai/gpt-4o-transcribe");
      const record = await bench.recordOf(response.headers);
      expect(brief(record)).toMatchObject({
        used: { input: 114, output: 31, source: "provider" },
        cost: "0.000945",
      });
      expect(asObject(record["facts"])).toMatchObject({
        operation: "transcribe",
        model: "oai/gpt-4o-transcribe",
      });
    },
  );

  test("move on to the next target with the same file", async () => {
    bench.upstream.script(ANY_MODEL, failure(500), json(REPLY));
    const { response } = await openai.audio.transcriptions
      .create({ file: await sound(500_000), model: "ears" })
      .withResponse();
    const [first, second] = bench.upstream.requests;
    if (first === undefined || second === undefined) throw new Error("Two were wanted.");
    expect(await formOf(first)).toEqual({ file: 500_000, model: "gpt-4o-transcribe" });
    expect(await formOf(second)).toEqual({ file: 500_000, model: "whisper-large" });
    expect(brief(await bench.recordOf(response.headers)).attempts).toEqual([
      "server_error 500",
      "succeeded 200",
    ]);
  });

  test("billed by time count its seconds", async () => {
    bench.upstream.always(
      ANY_MODEL,
      json({ text: "Hi.", usage: { type: "duration", seconds: 12.2 } }),
    );
    const { response } = await openai.audio.transcriptions
      .create({ file: await sound(100), model: "oai/whisper-1" })
      .withResponse();
    const record = await bench.recordOf(response.headers);
    expect(asObject(record["usage"])?.["server_tool_requests"]).toEqual({ audio_seconds: 13 });
    // $0.006 a minute.
    expect(response.headers.get("x-sluice-cost-usd")).toBe("0.0013");
  });

  test.each(["text", "srt", "vtt"] as const)(
    "as %s pass as they come, unpriced",
    async (format) => {
      bench.upstream.always(
        ANY_MODEL,
        verbatim({ status: 200, contentType: "text/plain; charset=utf-8", body: "Grüße.\n" }),
      );
      const { data, response } = await openai.audio.transcriptions
        .create({ file: await sound(100), model: "oai/gpt-4o-transcribe", response_format: format })
        .withResponse();
      expect(data as unknown).toBe("Grüße.\n");
      expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
      const written = brief(await bench.recordOf(response.headers));
      expect(written).toMatchObject({
        outcome: "answered",
        cost: null,
        used: { source: "estimated" },
      });
      expect(written.notices).toEqual(["estimated:usage", "unpriced:usage"]);
    },
  );

  test("stream as events, their last one telling the usage", async () => {
    const event = (body: object) => `data: ${JSON.stringify(body)}\n\n`;
    const body =
      event({ type: "transcript.text.delta", delta: "Hello " }) +
      event({ type: "transcript.text.delta", delta: "there." }) +
      event({ type: "transcript.text.done", text: REPLY.text, usage: REPLY.usage });
    bench.upstream.always(
      ANY_MODEL,
      verbatim({ status: 200, contentType: "text/event-stream", body }),
    );
    const { data: stream, response } = await openai.audio.transcriptions
      .create({ file: await sound(100), model: "oai/gpt-4o-transcribe", stream: true })
      .withResponse();
    const types: string[] = [];
    for await (const each of stream) types.push(each.type);
    expect(types).toEqual([
      "transcript.text.delta",
      "transcript.text.delta",
      "transcript.text.done",
    ]);
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      outcome: "answered",
      used: { input: 114, output: 31, source: "provider" },
      cost: "0.000945",
    });
  });

  test("are read to their end for a client that has left, where the provider is to be drained", async () => {
    const gate = closedGate();
    const event = (body: object) => `data: ${JSON.stringify(body)}\n\n`;
    bench.upstream.always(ANY_MODEL, async (_request, reply) => {
      await reply.head(200, [["content-type", "text/event-stream"]], { by: "chunks" });
      await reply.write(event({ type: "transcript.text.delta", delta: "Hello " }));
      await gate.pass();
      await reply.write(
        event({ type: "transcript.text.done", text: REPLY.text, usage: REPLY.usage }),
      );
      await reply.finish();
    });
    const abort = new AbortController();
    const { data: stream, response } = await openai.audio.transcriptions
      .create(
        { file: await sound(100), model: "patient/gpt-4o-transcribe", stream: true },
        { signal: abort.signal },
      )
      .withResponse();
    for await (const _ of stream) abort.abort();
    while ((await gatewayInFlight()) > 0 && bench.lastRequest().closedBy === undefined) gate.open();
    expect(brief(await bench.recordOf(response.headers))).toMatchObject({
      outcome: "client_cancelled",
      used: { input: 114, output: 31, source: "provider" },
      cost: "0.000945",
    });
  });

  test("that break off in a stream are no answers", async () => {
    const body = `data: ${JSON.stringify({ type: "transcript.text.delta", delta: "Hel" })}\n\n`;
    bench.upstream.always(
      ANY_MODEL,
      verbatim({ status: 200, contentType: "text/event-stream", body }),
    );
    const { data: stream, response } = await openai.audio.transcriptions
      .create({ file: await sound(100), model: "oai/gpt-4o-transcribe", stream: true })
      .withResponse();
    const broken = await (async () => {
      for await (const _ of stream);
    })().catch((error: unknown) => error);
    expect(String(broken)).toContain("The stream broke off");
    const written = brief(await bench.recordOf(response.headers));
    expect(written).toMatchObject({ outcome: "truncated", code: "upstream_failed" });
  });

  test("are translated as well", async () => {
    bench.upstream.always(ANY_MODEL, json({ text: "Hello." }));
    const { text } = await openai.audio.translations.create({
      file: await sound(100),
      model: "oai/whisper-1",
    });
    expect(text).toBe("Hello.");
    expect(bench.lastRequest().target).toBe("/v1/audio/translations");
    expect(await formOf(bench.lastRequest())).toEqual({ file: 100, model: "whisper-1" });
  });

  test("refused by the upstream tell its reason", async () => {
    bench.upstream.always(ANY_MODEL, failure(400, [], "The file is no sound."));
    const refused = await openai.audio.transcriptions
      .create({ file: await sound(100), model: "oai/whisper-1" })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 400 });
    expect(String(refused)).toContain("The file is no sound.");
  });
});

describe("speech", () => {
  const WISH = { model: "oai/gpt-4o-mini-tts", voice: "alloy", input: "Hello." } as const;

  test("passes byte for byte, and what it cost is not known", async () => {
    const audio = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) & 255));
    bench.upstream.always(
      "gpt-4o-mini-tts",
      verbatim({ status: 200, contentType: "audio/mpeg", body: audio }),
    );
    const { data, response } = await openai.audio.speech.create(WISH).withResponse();
    expect(Buffer.from(await data.arrayBuffer()).equals(audio)).toBe(true);
    expect(response.headers.get("content-type")).toBe("audio/mpeg");
    expect(bench.lastRequest().json).toEqual({ ...WISH, model: "gpt-4o-mini-tts" });
    const written = brief(await bench.recordOf(response.headers));
    expect(written).toMatchObject({ outcome: "answered", cost: null, used: { output: 0 } });
    expect(written.notices).toContain("unpriced:usage");
  });

  test("of a provider where all is free costs nothing", async () => {
    bench.upstream.always("tts", verbatim({ status: 200, contentType: "audio/mpeg", body: "xyz" }));
    const speech = await openai.audio.speech.create({ ...WISH, model: "house/tts" });
    expect(await speech.text()).toBe("xyz");
    const written = brief(await bench.recordOf(speech.headers as unknown as Headers));
    expect(written).toMatchObject({ cost: "0", notices: ["estimated:usage"] });
  });

  test("streams as events where that is asked for", async () => {
    const usage = { input_tokens: 5, output_tokens: 50, total_tokens: 55 };
    const body = [
      { type: "speech.audio.delta", audio: "AAAA" },
      { type: "speech.audio.done", usage },
    ].map((each) => `data: ${JSON.stringify(each)}\n\n`);
    bench.upstream.always(
      "gpt-4o-mini-tts",
      verbatim({ status: 200, contentType: "text/event-stream", body: body.join("") }),
    );
    const speech = await openai.audio.speech.create({ ...WISH, stream_format: "sse" });
    expect(await speech.text()).toBe(body.join(""));
    // 5 at $0.60 and 50 at $12 a million.
    const record = await bench.recordOf(speech.headers as unknown as Headers);
    expect(brief(record)).toMatchObject({ used: { input: 5, output: 50 }, cost: "0.000603" });
  });

  test("of a single byte passes too, and none at all moves on or fails", async () => {
    bench.upstream.script(
      "gpt-4o-mini-tts",
      verbatim({ status: 200, contentType: "audio/mpeg", body: "x" }),
      verbatim({ status: 200, contentType: "audio/mpeg", body: "" }),
      verbatim({ status: 200, contentType: "text/html", body: "<html>" }),
      failure(500),
    );
    const speech = await openai.audio.speech.create(WISH);
    expect(await speech.text()).toBe("x");
    const refused = await openai.audio.speech.create(WISH).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 502, code: "upstream_failed" });
    expect(bench.upstream.requests).toHaveLength(4);
  });

  test("that breaks off is cut at the client too, and recorded so", async () => {
    bench.upstream.always("gpt-4o-mini-tts", async (_request, reply) => {
      await reply.head(200, [["content-type", "audio/mpeg"]], { by: "chunks" });
      await reply.write("half of it");
      await reply.cut();
    });
    const speech = await openai.audio.speech.create(WISH);
    const read = await speech.arrayBuffer().catch((error: unknown) => error);
    expect(read).toBeInstanceOf(Error);
    const written = brief(await bench.recordOf(speech.headers as unknown as Headers));
    expect(written).toMatchObject({ outcome: "truncated", code: "upstream_failed" });
  });

  test("is given up when the client leaves", async () => {
    bench.upstream.always("gpt-4o-mini-tts", async (_request, reply) => {
      await reply.head(200, [["content-type", "audio/mpeg"]], { by: "chunks" });
      await reply.write("beginning");
    });
    const abort = new AbortController();
    const speech = await openai.audio.speech.create(WISH, { signal: abort.signal });
    const reader = speech.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    abort.abort();
    expect(await bench.lastRequest().closed).toBe("client");
    const written = brief(await bench.recordOf(speech.headers as unknown as Headers));
    expect(written).toMatchObject({ outcome: "client_cancelled", status: 200 });
  });
});

describe("images that are edited", () => {
  const REPLY = {
    created: 1,
    data: [{ b64_json: "aGk=" }],
    usage: {
      input_tokens: 50,
      input_tokens_details: { text_tokens: 10, image_tokens: 40 },
      output_tokens: 100,
      total_tokens: 150,
    },
  };

  test("pass as a form with several files, and are priced", async () => {
    bench.upstream.always(ANY_MODEL, json(REPLY));
    const picture = (name: string) => toFile(Buffer.alloc(900, 7), name, { type: "image/png" });
    const { data, response } = await openai.images
      .edit({
        model: "oai/gpt-image-1",
        prompt: "With a hat.",
        image: [await picture("a.png"), await picture("b.png")],
        mask: await picture("m.png"),
      })
      .withResponse();
    expect(data as unknown).toEqual(REPLY);
    expect(bench.lastRequest().target).toBe("/v1/images/edits");
    expect(await formOf(bench.lastRequest())).toMatchObject({
      model: "gpt-image-1",
      prompt: "With a hat.",
      mask: 900,
    });
    expect(response.headers.get("x-sluice-cost-usd")).toBe("0.00445");
  });

  test("vary as a form", async () => {
    bench.upstream.always(ANY_MODEL, json({ created: 1, data: [{ url: "https://x.test/a" }] }));
    const { response } = await openai.images
      .createVariation({ model: "oai/dall-e-2", image: await toFile(Buffer.alloc(9), "a.png") })
      .withResponse();
    expect(bench.lastRequest().target).toBe("/v1/images/variations");
    expect(response.headers.get("x-sluice-notices")).toContain("unpriced:usage");
  });
});

describe("what cannot be asked", () => {
  test.each([
    ["/v1/audio/transcriptions", 415],
    ["/v1/images/variations", 415],
  ])("%s with JSON is %d", async (path, status) => {
    const reply = await fetch(bench.gateway.baseUrl + path, {
      method: "POST",
      headers: { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "oai/whisper-1" }),
    });
    expect(reply.status).toBe(status);
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("a form where JSON is wanted is 415, and one without a model 400", async () => {
    const form = new FormData();
    form.append("input", "x");
    const headers = { authorization: `Bearer ${CALLER_KEY}` };
    const speech = await fetch(`${bench.gateway.baseUrl}/v1/audio/speech`, {
      method: "POST",
      headers,
      body: form,
    });
    expect(speech.status).toBe(415);
    const none = await fetch(`${bench.gateway.baseUrl}/v1/audio/transcriptions`, {
      method: "POST",
      headers,
      body: form,
    });
    expect(none.status).toBe(400);
    expect(asObject(asObject(await none.json())?.["error"])).toMatchObject({ param: "model" });
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test("a connection that breaks before any reply moves on with a small form", async () => {
    bench.upstream.script(ANY_MODEL, resetBeforeReply(), json({ text: "Hello." }));
    const { data } = await openai.audio.transcriptions
      .create({ file: await sound(1_000), model: "ears" })
      .withResponse();
    expect(data.text).toBe("Hello.");
    expect(bench.upstream.requests).toHaveLength(2);
  });
});
