import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { Operation } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { SseSplitter } from "#wire/sse.ts";
import { dialectContract } from "../contract.ts";
import type { NeutralEvent } from "../neutral.ts";
import { openaiMedia } from "./index.ts";

const hints = (operation: Operation) => ({ operation, model: "", stream: undefined }) as const;
const IMAGES = { created: 1, data: [{ b64_json: "aGk=" }] };

dialectContract(openaiMedia, {
  requests: [
    {
      name: "image",
      body: { model: "m", prompt: "A cat.", n: 2, user: "u" },
      hints: hints("generate_image"),
    },
    {
      name: "streamed image",
      body: { model: "m", prompt: "A cat.", stream: true, partial_images: 2 },
      hints: hints("generate_image"),
    },
    {
      name: "edit",
      body: { model: "m", prompt: "A hat.", images: [{ image_url: "data:image/png;base64,a" }] },
      hints: hints("edit_image"),
    },
    {
      name: "speech",
      body: { model: "m", input: "Hello.", voice: "alloy", stream_format: "audio" },
      hints: hints("speak"),
    },
  ],
  replies: [{ name: "an image", body: IMAGES }],
  streams: [],
});

describe("what is asked in JSON", () => {
  test.each<[Operation, JsonObject, object]>([
    ["generate_image", { model: "m", prompt: "cat", n: 3 }, { textLength: 3, choices: 3 }],
    ["edit_image", { model: "m", prompt: "hat", images: [{}, {}] }, { imageCount: 2 }],
    ["speak", { model: "m", input: "Hi", instructions: "slow" }, { textLength: 6, stream: false }],
    ["speak", { model: "m", input: "Hi", stream_format: "sse" }, { stream: true }],
    ["speak", { model: "m", input: "Hi", stream: true }, { stream: false }],
  ])("%s %j is %j", (operation, body, wanted) => {
    expect(openaiMedia.read(body, hints(operation))).toMatchObject({ operation, ...wanted });
  });

  test.each<[Operation, JsonObject, string]>([
    ["generate_image", { model: "m" }, "prompt"],
    ["generate_image", { prompt: "cat" }, "model"],
    ["generate_image", { model: "m", prompt: "cat", n: 1_000 }, "n"],
    ["generate_image", { model: "m", prompt: "cat", stream: "yes" }, "stream"],
    ["speak", { model: "m", prompt: "Hi" }, "input"],
  ])("%s %j is refused for %s", (operation, body, param) => {
    try {
      openaiMedia.read(body, hints(operation));
      throw new Error("It was accepted.");
    } catch (error) {
      expect(error).toBeInstanceOf(GatewayError);
      expect((error as GatewayError).extras.param).toBe(param);
    }
  });

  test.each<[Operation]>([["transcribe"], ["translate_audio"], ["vary_image"]])(
    "%s is refused: it comes as a form",
    (operation) => {
      const read = () => openaiMedia.read({ model: "m" }, hints(operation));
      expect(read).toThrow("multipart/form-data");
    },
  );
});

describe("what is asked in a form", () => {
  const read = (fields: Record<string, string>, operation: Operation) =>
    openaiMedia.form?.read(new Map(Object.entries(fields)), hints(operation));

  test("tells its model and what it is about", () => {
    expect(read({ model: "m", prompt: "words", stream: "true" }, "transcribe")).toMatchObject({
      model: "m",
      audioCount: 1,
      imageCount: 0,
      textLength: 5,
      // The answer shows whether it is streamed: the field may stand behind the file.
      stream: false,
    });
    expect(read({ model: "m", n: "4", user: "u" }, "edit_image")).toMatchObject({
      imageCount: 1,
      choices: 4,
      user: "u",
    });
    expect(() => read({ prompt: "a" }, "transcribe")).toThrow(GatewayError);
    expect(() => read({ model: "" }, "transcribe")).toThrow(GatewayError);
    expect(() => read({ model: "m", n: "129" }, "edit_image")).toThrow(GatewayError);
  });
});

describe("what was used", () => {
  const usageOf = (body: JsonObject, operation: Operation) =>
    openaiMedia.inspect(body, operation).usage;

  test("of images is told in tokens", () => {
    const usage = {
      input_tokens: 50,
      input_tokens_details: {
        text_tokens: 10,
        image_tokens: 40,
        cached_tokens: 5,
        cached_tokens_details: { text_tokens: 2, image_tokens: 3 },
      },
      output_tokens: 100,
      output_tokens_details: { image_tokens: 90, text_tokens: 10 },
    };
    expect(usageOf({ ...IMAGES, usage }, "generate_image")).toMatchObject({
      inputTokens: 45,
      cacheReadTokens: 5,
      cacheReadImageTokens: 3,
      inputImageTokens: 37,
      outputTokens: 100,
      outputImageTokens: 90,
    });
  });

  test("of sound is told in tokens or in seconds", () => {
    const tokens = {
      type: "tokens",
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 3,
    };
    expect(usageOf({ text: "a", usage: tokens }, "transcribe")).toMatchObject({
      inputTokens: 14,
      inputAudioTokens: 10,
      outputTokens: 3,
    });
    const seconds = { serverToolRequests: { audio_seconds: 9 } };
    const timed = { type: "duration", seconds: 8.2 };
    expect(usageOf({ text: "a", usage: timed }, "transcribe")).toMatchObject(seconds);
    expect(usageOf({ text: "a", duration: 8.47 }, "transcribe")).toMatchObject(seconds);
    const mistral = { prompt_audio_seconds: 9, prompt_tokens: 4, completion_tokens: 7 };
    expect(usageOf({ text: "a", usage: mistral }, "transcribe")).toMatchObject({
      ...seconds,
      inputTokens: 4,
      outputTokens: 7,
    });
  });

  test.each([
    {},
    { usage: null },
    { usage: { input_tokens: -1 } },
    { usage: { input_tokens: "many" } },
    { usage: { input_tokens: 1, output_tokens: 1e300 } },
    { usage: { type: "duration", seconds: "long" } },
    { duration: -4 },
  ])("is not told by %j", (body) => {
    expect(usageOf({ text: "a", ...body } as JsonObject, "transcribe")).toBeUndefined();
  });
});

describe("streams", () => {
  const decoded = (...bodies: object[]): NeutralEvent[] => {
    const decoder = openaiMedia.decoder?.();
    if (decoder === undefined) throw new Error("There are streams.");
    const text = bodies.map((body) => `data: ${JSON.stringify(body)}\n\n`).join("");
    const frames = new SseSplitter().push(new TextEncoder().encode(text));
    return frames.flatMap((frame) => [...decoder.decode(frame)]);
  };
  const IMAGE = "QUJD".repeat(50_000);
  const USAGE = {
    total_tokens: 7,
    input_tokens: 3,
    output_tokens: 4,
    input_tokens_details: { text_tokens: 1, image_tokens: 2 },
  };

  test("of images are read without the images", () => {
    const events = decoded(
      { type: "image_generation.partial_image", b64_json: IMAGE, partial_image_index: 0 },
      { type: "image_generation.completed", b64_json: IMAGE, quality: "high", usage: USAGE },
    );
    expect(events.map(({ type }) => type)).toEqual([
      "part-started",
      "part-started",
      "usage",
      "choice-ended",
      "message-ended",
    ]);
    expect(events[2]).toMatchObject({ usage: { inputTokens: 3, inputImageTokens: 2 } });
  });

  test("of images may name their counters before the image", () => {
    const [, , usage] = decoded(
      { type: "image_edit.partial_image", b64_json: "a" },
      { usage: USAGE, type: "image_edit.completed", b64_json: IMAGE },
    );
    expect(usage).toMatchObject({ type: "usage", usage: { outputTokens: 4 } });
  });

  test("of transcripts and speech end with their last word", () => {
    expect(
      decoded(
        { type: "transcript.text.delta", delta: "Hi" },
        { type: "transcript.text.done", text: "Hi", usage: USAGE },
        { type: "transcript.text.delta", delta: "ignored" },
      ).map(({ type }) => type),
    ).toEqual(["part-delta", "part-started", "usage", "choice-ended", "message-ended"]);
    expect(
      decoded({ type: "speech.audio.delta", audio: "AA" }, { type: "speech.audio.done" }).at(-1),
    ).toEqual({ type: "message-ended" });
  });

  test("that fail say so", () => {
    const [fault] = decoded({ type: "error", error: { message: "No.", code: "x" } });
    expect(fault).toMatchObject({ type: "faulted", fault: { message: "No." } });
  });
});
