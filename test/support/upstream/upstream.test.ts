// The scripted upstream is itself tested: a test double that lies proves nothing.

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { jsonCall, rawCall } from "./raw-client.ts";
import {
  ANY_MODEL,
  answer,
  closedGate,
  cutAfter,
  duplicateUsage,
  emptyReply,
  errorInside200,
  gzipped,
  htmlPage,
  hugeErrorBody,
  hugeEvent,
  malformedEvent,
  noBody,
  overloaded,
  pingsThenAnswer,
  rateLimited,
  redirect,
  replay,
  resetBeforeReply,
  serverError,
  silence,
  slowFirstByte,
  stall,
  startUpstream,
  type Upstream,
  wrongContentLength,
} from "./upstream.ts";

let upstream: Upstream;

beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(() => upstream.stop());

const PARTIAL = {
  text: "It is 21 degrees.",
  toolCalls: [{ id: "call_1", name: "weather", arguments: { city: "Oslo", days: 2 } }],
  reasoning: { text: "Look it up.", signature: "c2lnbmF0dXJl" },
  usage: { inputTokens: 10, cacheReadTokens: 4, outputTokens: 9, reasoningTokens: 3 },
};

function chatRequest(stream: boolean): RequestInit {
  const body = JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "hi" }] });
  return { method: "POST", headers: { "content-type": "application/json" }, body };
}

function chat(stream = false): Promise<Response> {
  return fetch(`${upstream.origin}/v1/chat/completions`, chatRequest(stream));
}

describe("the official clients read the default answers", () => {
  test("openai reads text, tool calls and usage, whole and streamed", async () => {
    upstream.always(ANY_MODEL, answer(PARTIAL));
    const client = new OpenAI({ baseURL: `${upstream.origin}/v1`, apiKey: "k", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hi" }];
    const whole = await client.chat.completions.create({ model: "m", messages });
    const streamed = await client.chat.completions
      .stream({ model: "m", messages, stream_options: { include_usage: true } })
      .finalChatCompletion();
    for (const reply of [whole, streamed]) {
      const [choice] = reply.choices;
      expect(choice?.message.content).toBe(PARTIAL.text);
      expect(choice?.finish_reason).toBe("tool_calls");
      const [call] = choice?.message.tool_calls ?? [];
      expect(call?.type === "function" && JSON.parse(call.function.arguments)).toEqual({
        city: "Oslo",
        days: 2,
      });
      expect(reply.usage?.prompt_tokens).toBe(14);
      expect(reply.usage?.prompt_tokens_details?.cached_tokens).toBe(4);
      expect(reply.usage?.completion_tokens).toBe(9);
    }
  });

  test("openai reads embeddings", async () => {
    const client = new OpenAI({ baseURL: `${upstream.origin}/v1`, apiKey: "k", maxRetries: 0 });
    const reply = await client.embeddings.create({ model: "m", input: ["a", "b"] });
    expect(reply.data.map((each) => each.embedding)).toEqual([
      [0.5, 0.25, 0.125, 0.0625],
      [1, 0.5, 0.25, 0.125],
    ]);
  });

  test("anthropic reads thinking, text, tool calls and usage, whole and streamed", async () => {
    upstream.always(ANY_MODEL, answer(PARTIAL));
    const client = new Anthropic({ baseURL: upstream.origin, apiKey: "k", maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "hi" }];
    const whole = await client.messages.create({ model: "m", max_tokens: 100, messages });
    const streamed = await client.messages
      .stream({ model: "m", max_tokens: 100, messages })
      .finalMessage();
    for (const reply of [whole, streamed]) {
      expect(reply.content).toMatchObject([
        { type: "thinking", thinking: "Look it up.", signature: "c2lnbmF0dXJl" },
        { type: "text", text: PARTIAL.text },
        { type: "tool_use", id: "call_1", name: "weather", input: { city: "Oslo", days: 2 } },
      ]);
      expect(reply.stop_reason).toBe("tool_use");
      expect(reply.usage).toMatchObject({
        input_tokens: 10,
        cache_read_input_tokens: 4,
        output_tokens: 9,
      });
    }
    const count = await client.messages.countTokens({ model: "m", messages });
    expect(count.input_tokens).toBe(10);
  });

  test("google reads thoughts, text, tool calls and usage, whole and streamed", async () => {
    upstream.always(ANY_MODEL, answer(PARTIAL));
    const client = new GoogleGenAI({ apiKey: "k", httpOptions: { baseUrl: upstream.origin } });
    const whole = await client.models.generateContent({ model: "m", contents: "hi" });
    expect(whole.text).toBe(PARTIAL.text);
    expect(whole.functionCalls).toMatchObject([{ name: "weather", args: { city: "Oslo" } }]);
    expect(whole.usageMetadata).toMatchObject({
      promptTokenCount: 14,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 6,
      thoughtsTokenCount: 3,
    });
    let text = "";
    const streamed = await client.models.generateContentStream({ model: "m", contents: "hi" });
    for await (const part of streamed) text += part.text ?? "";
    expect(text).toBe(PARTIAL.text);
    const count = await client.models.countTokens({ model: "m", contents: "hi" });
    expect(count.totalTokens).toBe(10);
    expect(upstream.requests.map((each) => each.endpoint.operation)).toEqual([
      "generate",
      "generate",
      "count",
    ]);
  });
});

describe("requests are recorded", () => {
  test("header order and case, target and body bytes are kept", async () => {
    const body = JSON.stringify({ model: "m", text: "ä" });
    const call = `POST /v1/x?y=1 HTTP/1.1\r\nHost: h\r\nX-Odd-Case: 1\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    await rawCall(upstream.origin, call);
    const request = await upstream.received(0);
    expect(request.target).toBe("/v1/x?y=1");
    expect(request.headers.slice(0, 3)).toEqual([
      ["Host", "h"],
      ["X-Odd-Case", "1"],
      ["Connection", "close"],
    ]);
    expect(new TextDecoder().decode(request.body)).toBe(body);
    expect(request.json).toEqual({ model: "m", text: "ä" });
  });

  test("a body in chunks is put together", async () => {
    const call =
      'POST /v1/embeddings HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"mod\r\n9\r\nel":"m"} \r\n0\r\n\r\n';
    void rawCall(upstream.origin, call);
    expect((await upstream.received(0)).json).toEqual({ model: "m" });
  });

  test("one connection serves request after request", async () => {
    await (await chat()).text();
    await (await chat()).text();
    expect(upstream.requests.length).toBe(2);
    expect(upstream.connections).toBe(1);
    expect(await upstream.requests[0]?.closed).toBe("complete");
    expect(upstream.requests[0]?.closedBy).toBeUndefined();
  });

  test("scripts are used once each in order, then the standing one, then the default", async () => {
    upstream.script("m", rateLimited(), serverError());
    upstream.always("m", overloaded());
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await chat()).status);
    upstream.clear();
    statuses.push((await chat()).status);
    expect(statuses).toEqual([429, 500, 529, 529, 200]);
  });

  test("a client that leaves a silent upstream is noticed at once", async () => {
    upstream.script("m", silence());
    const controller = new AbortController();
    const call = fetch(`${upstream.origin}/v1/chat/completions`, {
      ...chatRequest(true),
      signal: controller.signal,
    }).catch(() => "left");
    const request = await upstream.received(0);
    expect(request.closedBy).toBeUndefined();
    controller.abort();
    expect(await request.closed).toBe("client");
    expect(request.closedBy).toBe("client");
    expect(await call).toBe("left");
  });

  test("a client that leaves amid a stream is noticed", async () => {
    const gate = closedGate();
    upstream.script("m", stall(gate, 2));
    const { hostname, port } = new URL(upstream.origin);
    const socket = connect(Number(port), hostname, () =>
      socket.write(jsonCall("/v1/chat/completions", { model: "m", stream: true })),
    );
    await gate.reached;
    socket.destroy();
    expect(await (await upstream.received(0)).closed).toBe("client");
  });
});

describe("misbehaviour by script", () => {
  test("429 comes with retry-after only when told to", async () => {
    upstream.script("m", rateLimited("7"), rateLimited());
    const first = await chat();
    const second = await chat();
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    expect([second.status, second.headers.get("retry-after")]).toEqual([429, null]);
    expect(await first.json()).toMatchObject({ error: { type: "rate_limit_exceeded" } });
  });

  test("an error inside a 200 comes as body, as first event and as later event", async () => {
    upstream.script("m", errorInside200(), errorInside200(0), errorInside200(2));
    const whole = await chat();
    expect(whole.status).toBe(200);
    expect(await whole.json()).toMatchObject({ error: { message: expect.any(String) } });
    const first = await (await chat(true)).text();
    expect(first.startsWith('data: {"error"')).toBe(true);
    expect(first).not.toContain("[DONE]");
    const later = await (await chat(true)).text();
    expect(later.match(/"content":"[^"]+"/g)?.length).toBe(2);
    expect(later.trimEnd().split("\n\n").at(-1)).toContain('"error"');
  });

  test("a stream is cut after n tokens without its end", async () => {
    upstream.script("m", cutAfter(2));
    const request = jsonCall("/v1/chat/completions", { model: "m", stream: true });
    const { text } = await rawCall(upstream.origin, request);
    expect(text.match(/"content":"[^"]+"/g)?.length).toBe(2);
    expect(text.endsWith("0\r\n\r\n")).toBe(false);
    expect(upstream.requests[0]?.closedBy).toBe("server");
  });

  test("a reset before the reply gives no byte", async () => {
    upstream.script("m", resetBeforeReply());
    const { bytes } = await rawCall(
      upstream.origin,
      jsonCall("/v1/chat/completions", { model: "m" }),
    );
    expect(bytes.length).toBe(0);
  });

  test("a slow first byte waits for its gate", async () => {
    const gate = closedGate();
    upstream.script("m", slowFirstByte(gate));
    const call = chat(true);
    await gate.reached;
    expect(upstream.requests[0]?.bytesSent).toBe(0);
    gate.open();
    expect(await (await call).text()).toContain("[DONE]");
  });

  test("a stall holds after the tokens that were asked for", async () => {
    const gate = closedGate();
    upstream.script("m", stall(gate, 3));
    const reader = (await chat(true)).body?.getReader();
    await gate.reached;
    const decoder = new TextDecoder();
    let text = "";
    while ((text.match(/"content":"[^"]+"/g)?.length ?? 0) < 3)
      text += decoder.decode((await reader?.read())?.value);
    expect(text).not.toContain("[DONE]");
    gate.open();
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
      text += decoder.decode(piece.value);
    expect(text).toContain("[DONE]");
  });

  test("a malformed event stands among good ones", async () => {
    upstream.script("m", malformedEvent(1));
    const text = await (await chat(true)).text();
    expect(text).toContain('data: {"broken": \n\n');
    expect(text).toContain("[DONE]");
  });

  test("a wrong content length is off by what was asked for", async () => {
    upstream.script("m", wrongContentLength(10), wrongContentLength(-10));
    const call = jsonCall("/v1/chat/completions", { model: "m" });
    for (const error of [10, -10]) {
      const { text } = await rawCall(upstream.origin, call);
      const [head = "", body = ""] = text.split("\r\n\r\n");
      const declared = Number(/content-length: (\d+)/.exec(head)?.[1]);
      expect(declared - Buffer.byteLength(body)).toBe(error);
    }
  });

  test("usage is sent twice", async () => {
    upstream.script("m", duplicateUsage());
    const body = { model: "m", stream: true, stream_options: { include_usage: true } };
    const { text } = await rawCall(upstream.origin, jsonCall("/v1/chat/completions", body));
    expect(text.match(/"usage":\{/g)?.length).toBe(2);
  });

  test("a reply is compressed unasked", async () => {
    upstream.script("m", gzipped(), gzipped());
    const whole = await chat();
    expect(whole.headers.get("content-encoding")).toBe("gzip");
    expect(await whole.json()).toMatchObject({ object: "chat.completion" });
    expect(await (await chat(true)).text()).toContain("[DONE]");
  });

  test("a redirect points where it is told", async () => {
    upstream.script("m", redirect("http://127.0.0.1:1/elsewhere"));
    const reply = await fetch(`${upstream.origin}/v1/chat/completions`, {
      ...chatRequest(false),
      redirect: "manual",
    });
    expect(reply.status).toBe(307);
    expect(reply.headers.get("location")).toBe("http://127.0.0.1:1/elsewhere");
  });

  test("a 200 MB error body counts what was taken before the other side left", async () => {
    upstream.script("m", hugeErrorBody(200_000_000));
    const reply = await chat();
    expect(reply.headers.get("content-length")).toBe("200000000");
    const reader = reply.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    const [request] = upstream.requests;
    expect(await request?.closed).toBe("client");
    expect(request?.bytesSent).toBeLessThan(100_000_000);
  });

  test("a huge error body arrives whole when it is read", async () => {
    upstream.script("m", hugeErrorBody(3_000_001));
    expect((await (await chat()).bytes()).length).toBe(3_000_001);
  });

  test("web page, missing body and empty reply have status 200", async () => {
    upstream.script("m", htmlPage(), noBody(), emptyReply());
    expect(await (await chat()).text()).toContain("<html>");
    expect(await (await chat()).text()).toBe("");
    expect(await (await chat()).json()).toMatchObject({
      choices: [{ message: { content: null }, finish_reason: "stop" }],
    });
  });

  test("one event holds 5 MB", async () => {
    upstream.script("m", hugeEvent(5_000_000));
    const text = await (await chat(true)).text();
    const longest = Math.max(...text.split("\n\n").map((each) => each.length));
    expect(longest).toBeGreaterThan(5_000_000);
    expect(text).toContain("[DONE]");
  });

  test("any framing carries the same events", async () => {
    const plain = await (await chat(true)).text();
    for (const newline of ["\r\n", "\r"] as const) {
      upstream.script("m", answer({}, { newline }));
      const other = await (await chat(true)).text();
      expect(other).not.toBe(plain);
      expect(other.replaceAll("\r\n", "\n").replaceAll("\r", "\n")).toBe(plain);
    }
    upstream.script("m", answer({}, { pieceBytes: 1 }));
    const call = jsonCall("/v1/chat/completions", { model: "m", stream: true });
    void rawCall(upstream.origin, call);
    const request = await upstream.received(3);
    expect(await request.closed).toBe("complete");
    // Each byte travels as a chunk of its own: `1\r\n.\r\n`.
    expect(request.bytesSent).toBeGreaterThan(plain.length * 6);
  });

  test("pings or comments come first and the answer after them", async () => {
    upstream.script("m", pingsThenAnswer(3), pingsThenAnswer(2));
    const comments = await (await chat(true)).text();
    expect(comments.startsWith(": upstream is busy\n\n".repeat(3))).toBe(true);
    const reply = await fetch(`${upstream.origin}/v1/messages`, chatRequest(true));
    const pings = await reply.text();
    expect(pings.startsWith('event: ping\ndata: {"type":"ping"}\n\n'.repeat(2))).toBe(true);
    expect(pings).toContain("message_stop");
  });

  test("a recorded exchange is served as recorded", async () => {
    const text = "data: {}\r\n\r\ndata: [DONE]\r\n\r\n";
    const headers = { "content-type": "text/event-stream", "retry-after": "9" };
    upstream.script("m", replay({ status: 200, headers, body: { text } }));
    const reply = await chat(true);
    expect(reply.headers.get("retry-after")).toBe("9");
    expect(await reply.text()).toBe(text);
  });

  test("an answer is the same each time", async () => {
    const digests = [];
    for (let call = 0; call < 2; call += 1)
      digests.push(
        createHash("sha256")
          .update(await (await chat(true)).text())
          .digest("hex"),
      );
    expect(digests[0]).toBe(digests[1] ?? "");
  });
});
