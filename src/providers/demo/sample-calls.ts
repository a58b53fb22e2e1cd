// Calls to the demo provider, for its tests.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import type { Clock } from "#core/ports/clock.ts";
import { createDemoTransport } from "./transport.ts";

/** What the clocks here show. */
export const NOW = Date.parse("2026-11-22T12:00:00Z");

/** Fires every timer at once and writes down how long it would have taken. */
export function eagerClock() {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => NOW,
    monotonic: () => 0,
    after: (delayMs, callback) => {
      waits.push(delayMs);
      queueMicrotask(callback);
      return () => {};
    },
  };
  return { clock, waits };
}

/** Never fires. */
export const STOPPED: Clock = { now: () => NOW, monotonic: () => 0, after: () => () => {} };

/** Calls a demo provider of its own, by the path that the gateway would use. */
export function demo(clock: Clock = eagerClock().clock, wordDelayMs = 0) {
  const transport = createDemoTransport({ clock, wordDelayMs });
  return (body: JsonObject | string, path = "/v1/chat/completions", signal?: AbortSignal) =>
    transport.send({
      url: `http://demo.invalid${path}`,
      method: "POST",
      headers: {},
      body: typeof body === "string" ? body : new TextEncoder().encode(JSON.stringify(body)),
      signal: signal ?? new AbortController().signal,
      connectTimeoutMs: 1000,
    });
}

/** What a demo provider answers with. */
export type Reply = Awaited<ReturnType<ReturnType<typeof demo>>>;

/** A chat request with one user message. */
export function ask(model: string, text: string, more: JsonObject = {}): JsonObject {
  return { model, messages: [{ role: "user", content: text }], ...more };
}

/** The whole reply as JSON. */
export async function json(reply: Reply): Promise<JsonObject> {
  return JSON.parse(await new Response(reply.body).text());
}

/** The data of all events of a streamed reply. */
export async function events(reply: Reply): Promise<string[]> {
  const text = await new Response(reply.body).text();
  if (!text.endsWith("\n\n")) throw new Error("the stream ends within an event");
  return text
    .split("\n\n")
    .filter((frame) => frame !== "")
    .map((frame) => frame.replace(/^data: /, ""));
}

/** The chunks of a stream that ends as it should. */
export async function chunks(reply: Reply): Promise<JsonObject[]> {
  const all = await events(reply);
  if (all.at(-1) !== "[DONE]") throw new Error("the stream has no end mark");
  return all.slice(0, -1).map((data) => JSON.parse(data));
}

/** The only choice of a reply or chunk. */
export function choice(chunk: JsonObject | undefined): JsonObject {
  return asObject(asArray(chunk?.["choices"])[0]) ?? {};
}

/** The text of all chunks. */
export function streamedText(all: readonly JsonObject[]): string {
  return all.map((chunk) => asObject(choice(chunk)["delta"])?.["content"] ?? "").join("");
}

/** The message of a whole reply. */
export function message(reply: JsonObject): JsonObject {
  return asObject(choice(reply)["message"]) ?? {};
}
