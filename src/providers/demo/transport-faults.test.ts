// What goes wrong at the demo provider: on purpose, by the request's fault, or because the caller leaves.

import { describe, expect, test } from "bun:test";
import { asObject, type JsonObject } from "#core/json.ts";
import { TransportError } from "#core/ports/transport.ts";
import {
  ask,
  chunks,
  demo,
  eagerClock,
  json,
  message,
  type Reply,
  STOPPED,
} from "./sample-calls.ts";

describe("the models that go wrong on purpose", () => {
  test("demo/slow takes three seconds to its first word, streaming or not", async () => {
    const { clock, waits } = eagerClock();
    const send = demo(clock);
    await chunks(await send(ask("slow", "a b", { stream: true })));
    expect(waits).toEqual([3000]);
    const reply = await json(await send(ask("slow", "a b")));
    expect(waits).toEqual([3000, 3000]);
    expect(message(reply)["content"]).toBe("a b");
  });

  test("demo/slow sends the head of a stream at once", async () => {
    const reply = await demo(STOPPED)(ask("slow", "a", { stream: true }));
    expect(reply.status).toBe(200);
    const reader = reply.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain('"role":"assistant"');
    await reader?.cancel();
  });

  test("demo/flaky fails every third call, whatever else is called between", async () => {
    const send = demo();
    const statuses: number[] = [];
    for (let call = 0; call < 7; call += 1) {
      statuses.push((await send(ask("flaky", "x"))).status);
      await send(ask("echo", "x"));
    }
    expect(statuses).toEqual([200, 200, 503, 200, 200, 503, 200]);
  });

  test("demo/rate-limited answers 429 and when to come back", async () => {
    const reply = await demo()(ask("rate-limited", "x", { stream: true }));
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(asObject((await json(reply))["error"])?.["code"]).toBe("rate_limit_exceeded");
  });

  test("demo/broken-stream dies after five words, without an end mark", async () => {
    const reply = await demo()(ask("broken-stream", "1 2 3 4 5 6 7", { stream: true }));
    const seen = await readUntilBroken(reply);
    expect(seen.isBroken).toBe(true);
    expect(seen.text.match(/"content":" ?\d"/g)).toHaveLength(5);
    expect(seen.text).not.toContain("[DONE]");
    expect(seen.text).not.toContain('"finish_reason":"');
  });

  test("demo/broken-stream dies before the end of a shorter answer too", async () => {
    const reply = await demo()(ask("broken-stream", "1 2", { stream: true }));
    const seen = await readUntilBroken(reply);
    expect(seen.isBroken).toBe(true);
    expect(seen.text).not.toContain('"finish_reason":"');
  });

  test("demo/broken-stream breaks off a whole reply as well", async () => {
    const seen = await readUntilBroken(await demo()(ask("broken-stream", "hello")));
    expect(seen.isBroken).toBe(true);
    expect(() => JSON.parse(seen.text)).toThrow();
  });
});

async function readUntilBroken(reply: Reply) {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of reply.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    return { text, isBroken: true };
  }
  return { text, isBroken: false };
}

describe("a request that is wrong", () => {
  test.each<readonly [JsonObject | string, number]>([
    ["{", 400],
    ["[]", 400],
    ["null", 400],
    [{}, 400],
    [{ model: "echo", messages: [] }, 400],
    [{ model: "echo", messages: "hi" }, 400],
    [ask("echo", "x", { n: 2 }), 400],
    [ask("echo", "x", { max_tokens: 0 }), 400],
    [ask("echo", "x", { max_tokens: "9" }), 400],
    [ask("echo", "x", { max_completion_tokens: 1.5 }), 400],
    [ask("unheard-of", "x"), 404],
    [ask("__proto__", "x"), 404],
    [ask("tools", "x", { tool_choice: { function: { name: "gone" } } }), 400],
    [ask("echo", "word ".repeat(130_000)), 400],
  ])("is refused in OpenAI's form", async (body, status) => {
    const reply = await demo()(body);
    expect(reply.status).toBe(status);
    const error = asObject((await json(reply))["error"]);
    expect(error?.["type"]).toBe("invalid_request_error");
    expect(String(error?.["message"]).length).toBeGreaterThan(10);
  });

  test("to a path that is not there is 404", async () => {
    expect((await demo()(ask("echo", "x"), "/v1/images")).status).toBe(404);
  });
});

describe("giving up", () => {
  test("before the call is made throws `aborted`", async () => {
    const abort = new AbortController();
    abort.abort();
    const thrown = await demo()(ask("echo", "x"), undefined, abort.signal).catch((e) => e);
    expect(thrown).toBeInstanceOf(TransportError);
    expect(thrown.fault).toBe("aborted");
  });

  test("while a whole reply is on its way throws `aborted`", async () => {
    const abort = new AbortController();
    const sent = demo(STOPPED)(ask("slow", "x"), undefined, abort.signal).catch((e) => e);
    abort.abort();
    expect((await sent).fault).toBe("aborted");
  });

  test("within a stream breaks it", async () => {
    const abort = new AbortController();
    const call = ask("slow", "x", { stream: true });
    const reply = await demo(STOPPED)(call, undefined, abort.signal);
    const seen = readUntilBroken(reply);
    abort.abort();
    expect((await seen).isBroken).toBe(true);
  });
});
