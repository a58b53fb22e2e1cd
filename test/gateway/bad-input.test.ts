// Input that is wrong, hostile or both: a clear refusal in the caller's dialect, nothing of it upstream.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { asObject, asString, type JsonObject } from "#core/json.ts";
import { CALLER_KEY, startVendorBench, type VendorBench } from "./vendor-bench.ts";

const OTHER_KEY = "bench-other-key-0d4f7b2a9c6e8153";
const SECTIONS = `
server: { max_body_mb: 1 }
models:
  assistant: { targets: [oai/gpt-4.1], attempts: 1 }
  sonnet: { targets: [ant/claude-sonnet-4-5], attempts: 1 }
`;

let bench: VendorBench;
beforeAll(async () => {
  bench = await startVendorBench(SECTIONS);
});
afterAll(() => bench.stop());
beforeEach(() => bench.upstream.clear());

const CHAT = "/v1/chat/completions";
const MESSAGES = "/v1/messages";
const GEMINI = "/v1beta/models/assistant:generateContent";
const EMBEDDINGS = "/v1/embeddings";
const PATHS = [CHAT, MESSAGES, GEMINI] as const;

const CHAT_BODY = { model: "assistant", messages: [{ role: "user", content: "Hello." }] };
const MESSAGES_BODY = { ...CHAT_BODY, max_tokens: 50 };
const GEMINI_BODY = { contents: [{ role: "user", parts: [{ text: "Hello." }] }] };
const GOOD: Record<string, JsonObject> = {
  [CHAT]: CHAT_BODY,
  [MESSAGES]: MESSAGES_BODY,
  [GEMINI]: GEMINI_BODY,
};

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly param: string;
  readonly message: string;
  readonly headers: Headers;
}

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

async function post(path: string, body: Body, headers: object = {}): Promise<Response> {
  return fetch(`${bench.gateway.baseUrl}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${CALLER_KEY}`,
      "content-type": "application/json",
      ...headers,
    },
    body,
  });
}

/** The refusal, whichever dialect it is in, having checked that it is in the path's own. */
async function refusal(path: string, reply: Response): Promise<Refusal> {
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("x-request-id")).toStartWith("req_");
  const body = asObject(await reply.json()) ?? {};
  const error = asObject(body["error"]) ?? {};
  const common = {
    status: reply.status,
    message: asString(error["message"]) ?? "",
    headers: reply.headers,
  };
  const code = reply.headers.get("x-sluice-error") ?? "";
  if (path.includes("/v1/messages")) {
    expect(body["type"]).toBe("error");
    expect(error["code"]).toBe(code);
    return { ...common, code, param: "" };
  }
  if (/^\/v1beta\/|\/models\/.*:/.test(path)) {
    expect(error["code"]).toBe(reply.status);
    expect(error["details"]).toMatchObject([{ reason: code, domain: "sluice" }]);
    return { ...common, code, param: "" };
  }
  expect(error["code"]).toBe(code);
  return { ...common, code, param: asString(error["param"]) ?? "" };
}

async function refused(path: string, body: Body, headers: object = {}): Promise<Refusal> {
  const found = await refusal(path, await post(path, body, headers));
  expect(bench.upstream.requests).toHaveLength(0);
  return found;
}

const text = (value: unknown): string => JSON.stringify(value);
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const bytes = (value: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(value, "latin1"));

describe.each(PATHS)("a body at %s", (path) => {
  const good = text(GOOD[path]);
  const withMember = (member: string): string => `${good.slice(0, -1)},${member}}`;

  test.each<[string, Body]>([
    ["nothing", ""],
    ["white space", " \n"],
    ["no JSON", "hello"],
    ["half a document", good.slice(0, -2)],
    ["two documents", `${good}${good}`],
    ["a trailing comma", `${good.slice(0, -1)},}`],
    ["single quotes", good.replaceAll('"', "'")],
    ["a comment", `/* hi */ ${good}`],
    ["NaN", withMember('"temperature":NaN')],
    ["a raw line break in a string", withMember('"user":"a\nb"')],
    ["an array", `[${good}]`],
    ["null", "null"],
    ["a number", "7"],
    ["a string", '"hello"'],
    ["__proto__", withMember('"__proto__":{"isAdmin":true}')],
    ["an escaped __proto__", withMember('"\\u005f_proto__":{}')],
    ["__proto__ deep inside", withMember('"metadata":{"a":{"__proto__":1}}')],
    ["a deep nest", withMember(`"x":${nested(200)}`)],
    ["a very deep nest", nested(400_000)],
    ["a very deep nest without its end", "[".repeat(900_000)],
    ["invalid UTF-8", bytes(good.replace("Hello.", "Hello\xff\xfe"))],
    ["a cut UTF-8 sequence", bytes(good.replace("Hello.", "\xe2\x82"))],
    ["overlong UTF-8", bytes(good.replace("Hello.", "\xc0\xaf"))],
    ["UTF-16", new Uint8Array(Buffer.from(good, "utf16le"))],
  ])("of %s is 400 invalid_request", async (_, body) => {
    expect(await refused(path, body)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test.each([
    ["a byte order mark", `\ufeff${good}`],
    ["white space around", `\n\t ${good} \r\n`],
    ["constructor as a key", withMember('"metadata":{"constructor":"x","toString":"y"}')],
  ])("with %s is fine", async (_, body) => {
    expect((await post(path, body)).status).toBe(200);
  });

  test.each([
    ["x-www-form-urlencoded", { "content-type": "application/x-www-form-urlencoded" }],
    ["multipart", { "content-type": "multipart/form-data; boundary=x" }],
    ["XML", { "content-type": "application/xml" }],
    ["a type that only begins like JSON", { "content-type": "application/json+evil" }],
    ["gzip", { "content-encoding": "gzip" }],
    ["br", { "content-encoding": "br" }],
    ["two encodings", { "content-encoding": "identity, gzip" }],
  ])("as %s is 415", async (_, headers) => {
    expect(await refused(path, good, headers)).toMatchObject({
      status: 415,
      code: "unsupported_encoding",
    });
  });

  test.each([
    [{ "content-type": "application/json; charset=utf-8" }],
    [{ "content-type": "Application/JSON" }],
    [{ "content-encoding": "identity" }],
  ])("with %p is fine", async (headers) => {
    expect((await post(path, good, headers)).status).toBe(200);
  });

  test("over the limit is 413, declared or in chunks, and the next call works", async () => {
    const large = withMember(`"user":"${"u".repeat(1_100_000)}"`);
    const tooLarge = { status: 413, code: "body_too_large" };
    expect(await refused(path, large)).toMatchObject(tooLarge);
    const chunks = new Blob([large]).stream();
    expect(await refused(path, chunks)).toMatchObject(tooLarge);
    expect((await post(path, good)).status).toBe(200);
  });

  test("just within the limit goes through, also beyond what is handled on the loop", async () => {
    const room = 1_048_576 - withMember('"user":""').length;
    const body = path === GEMINI ? '"labels":{"a":""}' : '"user":""';
    const padded = withMember(body.replace('""', `"${"u".repeat(room - 40)}"`));
    expect(padded.length).toBeGreaterThan(1_000_000);
    expect((await post(path, padded)).status).toBe(200);
  });

  test.each<[string, (padding: string) => string]>([
    ["half a document", (padding) => withMember(`"user":"${padding}`)],
    ["a key twice", (padding) => withMember(`"x":1,"user":"${padding}","x":2`)],
    ["__proto__", (padding) => withMember(`"__proto__":{},"user":"${padding}"`)],
    ["a deep nest", (padding) => withMember(`"x":${nested(200)},"user":"${padding}"`)],
  ])("of %s is refused in the same way beyond what is handled on the loop", async (_, make) => {
    const body = make("u".repeat(1_010_000));
    expect(await refused(path, body)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test("in small chunks is read whole", async () => {
    const pieces = good.match(/.{1,7}/gs) ?? [];
    const chunks = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(piece));
      },
    });
    expect((await post(path, chunks)).status).toBe(200);
  });
});

describe("fields of the wrong type are named", () => {
  const user = { role: "user", content: "Hello." };

  test.each<[string, unknown]>([
    ["model", undefined],
    ["model", null],
    ["model", 7],
    ["model", ["assistant"]],
    ["model", ""],
    ["messages", undefined],
    ["messages", "hello"],
    ["messages", []],
    ["messages[0]", [7]],
    ["messages[0]", [null]],
    ["messages[0].role", [{ content: "x" }]],
    ["messages[0].role", [{ role: 7, content: "x" }]],
    ["messages[0].content", [{ role: "user", content: 7 }]],
    ["messages[0].content", [{ role: "user", content: {} }]],
    ["messages[0].content[1]", [{ role: "user", content: [{ type: "text", text: "a" }, 7] }]],
    ["messages[1].tool_calls", [user, { role: "assistant", tool_calls: "x" }]],
    ["messages[1].tool_calls[0]", [user, { role: "assistant", tool_calls: [7] }]],
    ["tools", "weather"],
    ["stream", "yes"],
    ["stream", 1],
    ["stream_options", []],
    ["max_tokens", "50"],
    ["max_tokens", -1],
    ["max_tokens", 1.5],
    ["max_completion_tokens", 0],
    ["n", "2"],
    ["n", 100_000],
    ["user", 7],
    ["metadata", "x"],
    ["response_format", "json"],
    ["reasoning_effort", 3],
  ])("chat: %s", async (param, value) => {
    const [field = ""] = param.split(/[.[]/);
    const body = text({ ...CHAT_BODY, [field]: value });
    const { status, code, param: named, message } = await refused(CHAT, body);
    expect({ status, code, named }).toEqual({ status: 400, code: "invalid_request", named: param });
    expect(message).toContain(param);
  });

  test.each<[string, unknown]>([
    ["model", undefined],
    ["model", {}],
    ["messages", undefined],
    ["messages", {}],
    ["messages[0]", ["x"]],
    ["messages[0].role", [{ role: "tool", content: "x" }]],
    ["messages[0].content", [{ role: "user", content: 7 }]],
    ["messages[0].content", [{ role: "user" }]],
    ["max_tokens", undefined],
    ["max_tokens", "50"],
    ["max_tokens", -1],
    ["max_tokens", 1.5],
    ["system", 7],
    ["stream", "true"],
    ["tools", {}],
    ["tools[0]", ["x"]],
    ["tools[0].name", [{ input_schema: {} }]],
    ["tools[0].input_schema", [{ name: "x" }]],
    ["thinking", "on"],
    ["tool_choice", "auto"],
    ["metadata", []],
    ["temperature", "hot"],
    ["stop_sequences", [7]],
  ])("messages: %s", async (path, value) => {
    const [field = ""] = path.split(/[.[]/);
    const { status, code, message } = await refused(
      MESSAGES,
      text({ ...MESSAGES_BODY, [field]: value }),
    );
    expect({ status, code }).toEqual({ status: 400, code: "invalid_request" });
    expect(message).toContain(path);
  });

  test.each<[string, unknown]>([
    ["contents", undefined],
    ["contents", []],
    ["contents", "hello"],
    ["contents[0]", ["hello"]],
    ["contents[0].parts", [{ role: "user", parts: "hello" }]],
    ["contents[0].parts[0]", [{ role: "user", parts: ["hello"] }]],
    ["contents[0].parts[0].text", [{ role: "user", parts: [{ text: 7 }] }]],
    ["contents[0].parts[0].inlineData", [{ role: "user", parts: [{ inlineData: "x" }] }]],
    ["systemInstruction", 7],
    ["generationConfig", []],
    ["generationConfig.maxOutputTokens", { maxOutputTokens: "many" }],
    ["generationConfig.candidateCount", { candidateCount: "x" }],
    ["tools", "x"],
    ["tools[0]", ["x"]],
  ])("gemini: %s", async (path, value) => {
    const [field = ""] = path.split(/[.[]/);
    const { status, code, message } = await refused(
      GEMINI,
      text({ ...GEMINI_BODY, [field]: value }),
    );
    expect({ status, code }).toEqual({ status: 400, code: "invalid_request" });
    expect(message).toContain(path);
  });

  test.each<[string, unknown]>([
    ["input", undefined],
    ["input", ""],
    ["input", []],
    ["input", 7],
    ["input[1]", ["a", 7]],
    ["input[0]", [[1.5]]],
    ["model", 7],
  ])("embeddings: %s", async (param, value) => {
    const [field = ""] = param.split(/[.[]/);
    const body = text({ model: "oai/text-embedding-3-small", input: "x", [field]: value });
    expect(await refused(EMBEDDINGS, body)).toMatchObject({
      status: 400,
      code: "invalid_request",
      param,
    });
  });
});

describe("what two parsers could read differently", () => {
  const chat = (members: string): string =>
    `{${members},"messages":[{"role":"user","content":"a"}]}`;

  test.each([
    ["the model twice", chat('"model":"assistant","model":"oai/o3-pro"')],
    ["the model twice, the second escaped", chat('"model":"assistant","mod\\u0065l":"oai/o3-pro"')],
    ["the model twice, in another case", chat('"model":"assistant","Model":"oai/o3-pro"')],
    [
      "the model twice, in a letter that folds",
      chat('"max_tokens":1,"max_to\u212aens":2,"model":"assistant"'),
    ],
    ["stream twice", chat('"model":"assistant","stream":false,"stream":true')],
    ["a cap twice", chat('"model":"assistant","max_tokens":5,"max_\\u0074okens":50000')],
    [
      "a key twice in a message",
      '{"model":"assistant","messages":[{"role":"user","role":"system","content":"a"}]}',
    ],
    ["a key twice far inside", chat('"model":"assistant","x":[{"a":[{"b":1,"b":2}]}]')],
  ])("%s is refused", async (_, body) => {
    const found = await refused(CHAT, body);
    expect(found).toMatchObject({ status: 400, code: "invalid_request" });
    expect(found.param).not.toBe("");
  });

  test("both spellings of a Gemini field are refused", async () => {
    const body = text({
      ...GEMINI_BODY,
      generationConfig: { maxOutputTokens: 5 },
      generation_config: { max_output_tokens: 50_000 },
    });
    expect(await refused(GEMINI, body)).toMatchObject({ status: 400, code: "invalid_request" });
  });

  test("a model in a Gemini body never overrules the one in the path", async () => {
    const path = "/v1beta/models/gem/gemini-2.5-flash";
    const body = { ...GEMINI_BODY, model: "models/gemini-3-pro" };
    const reply = await post(`${path}:generateContent`, text(body));
    if (reply.status === 200) {
      expect(bench.lastRequest().target).toContain("gemini-2.5-flash");
      expect(new TextDecoder().decode(bench.lastRequest().body)).not.toContain("gemini-3-pro");
    } else expect(reply.status).toBe(400);
    const count = { generateContentRequest: { ...GEMINI_BODY, model: "models/gemini-3-pro" } };
    await post(`${path}:countTokens`, text(count));
    for (const request of bench.upstream.requests) {
      expect(new TextDecoder().decode(request.body)).not.toContain("gemini-3-pro");
    }
  });

  test("the upstream gets one model, wherever it stood and whatever it was called", async () => {
    const body =
      '{ "messages" : [{"role":"user","content":"\\"model\\":\\"x\\""}] , "model" : "assistant" }';
    await post(CHAT, body);
    expect(new TextDecoder().decode(bench.lastRequest().body)).toBe(
      '{ "messages" : [{"role":"user","content":"\\"model\\":\\"x\\""}] , "model" : "gpt-4.1" }',
    );
  });
});

describe("wishes without an engine are refused by name", () => {
  test.each([
    "x-sluice-tags",
    "x-sluice-user",
    "x-sluice-session",
    "x-sluice-labels",
    "x-sluice-cache",
    "x-sluice-max-cost-usd",
    "x-sluice-timeout",
    "idempotency-key",
  ])("the header %s", async (name) => {
    for (const path of PATHS) {
      const found = await refused(path, text(GOOD[path]), { [name]: "1" });
      expect(found).toMatchObject({ status: 400, code: "not_available" });
      expect(found.message).toContain(name);
    }
    const { param } = await refused(CHAT, text(CHAT_BODY), { [name]: "1" });
    expect(param).toBe(name);
  });

  test.each([
    ["x-sluice-tag", "x-sluice-tags"],
    ["x-sluice-timeouts", "x-sluice-timeout"],
    ["X-Sluice-Max-Cost-USDD", "x-sluice-max-cost-usd"],
    ["x-sluice-qqqqqqqqqqqqqqqqqqqq", undefined],
  ])("the header %s, which is none, with the nearest one", async (name, nearest) => {
    for (const path of PATHS) {
      const found = await refused(path, text(GOOD[path]), { [name]: "1" });
      expect(found).toMatchObject({ status: 400, code: "invalid_request" });
      expect(found.message).toContain(name.toLowerCase());
      if (nearest === undefined) expect(found.message).not.toContain("Did you mean");
      else expect(found.message).toContain(`Did you mean ${nearest}?`);
    }
    const { param } = await refused(CHAT, text(CHAT_BODY), { [name]: "1" });
    expect(param).toBe(name.toLowerCase());
  });

  test.each([
    ["models", ["assistant", "sonnet"]],
    ["models", []],
    ["provider", { order: ["openai"] }],
    ["provider", { zdr: true }],
    ["provider", null],
    ["previous_response_id", "resp_of_somebody_else"],
  ])("the field %s: %p", async (member, value) => {
    const found = await refused(CHAT, text({ ...CHAT_BODY, [member]: value }));
    expect(found).toMatchObject({ status: 400, code: "not_available", param: member });
  });
});

describe("paths and methods", () => {
  test.each([
    ["POST", "/v1/chat/completion", 404, "unknown_route"],
    ["POST", "/v1/chat/completions/", 404, "unknown_route"],
    ["POST", "/v2/chat/completions", 404, "unknown_route"],
    ["POST", "/V1/CHAT/COMPLETIONS", 404, "unknown_route"],
    ["GET", "/v1/models/", 404, "unknown_route"],
    ["POST", "/v1beta/models/a//b:generateContent", 404, "unknown_route"],
    ["GET", "/v1/chat/completions", 405, "method_not_allowed"],
    ["DELETE", "/v1/chat/completions", 405, "method_not_allowed"],
    ["PUT", "/v1/messages", 405, "method_not_allowed"],
    ["POST", "/v1/models", 405, "method_not_allowed"],
    ["GET", "/v1beta/models/assistant:generateContent", 405, "method_not_allowed"],
    ["POST", "/v1beta/models/assistant:noSuchAction", 405, "method_not_allowed"],
    ["POST", "/v1beta/assistant:generateContent", 404, "unknown_route"],
    ["POST", "/v1beta/oai/gpt:noSuchAction", 404, "unknown_route"],
    ["GET", "/v1beta/oai/gpt", 404, "unknown_route"],
    ["GET", "/v1beta/models/assistant:embedContent", 405, "method_not_allowed"],
    ["PUT", "/v1beta/models/assistant:batchEmbedContents", 405, "method_not_allowed"],
    ["GET", "/v1/responses", 405, "method_not_allowed"],
    ["GET", "/v1/responses/resp_1", 400, "not_available"],
    ["DELETE", "/v1/responses/resp_1", 400, "not_available"],
    ["POST", "/v1/responses/resp_1/cancel", 400, "not_available"],
    ["GET", "/v1/responses/resp_1/input_items", 400, "not_available"],
    ["POST", "/v1/responses/compact", 400, "not_available"],
    ["GET", "/v1/rerank", 405, "method_not_allowed"],
    ["POST", "/v1/images/upscales", 404, "unknown_route"],
    ["POST", "/v1/audio/voices", 404, "unknown_route"],
    ["GET", "/v1/moderations", 405, "method_not_allowed"],
    ["POST", "/v1/files", 400, "not_available"],
    ["GET", "/v1/batches", 400, "not_available"],
    ["POST", "/v1/vector_stores", 400, "not_available"],
    ["POST", "/v1/messages/batches", 400, "not_available"],
    ["POST", "/passthrough/oai/v1/anything", 404, "unknown_route"],
    ["POST", "/passthrough", 404, "unknown_route"],
  ])("%s %s is %i %s", async (method, path, status, code) => {
    const headers = { authorization: `Bearer ${CALLER_KEY}`, "content-type": "application/json" };
    const reply = await fetch(`${bench.gateway.baseUrl}${path}`, { method, headers });
    const found = await refusal(path, reply);
    expect(found).toMatchObject({ status, code });
    if (status === 405) expect(found.headers.get("allow")).toMatch(/^(GET|POST)$/);
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test.each(["POST", "PUT", "DELETE"])("%s on a probe is 405", async (method) => {
    for (const path of ["/", "/healthz", "/readyz"]) {
      const reply = await fetch(`${bench.gateway.baseUrl}${path}`, { method });
      expect([reply.status, reply.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
  });

  test("an error repeats no more of a path or model than it has to", async () => {
    const long = "x".repeat(3_000);
    const byPath = await refusal("/", await post(`/${long}`, text(CHAT_BODY)));
    expect(byPath.message.length).toBeLessThan(300);
    const byModel = await refused(CHAT, text({ ...CHAT_BODY, model: long }));
    expect(byModel).toMatchObject({ status: 404, code: "unknown_model" });
    expect(byModel.message.length).toBeLessThan(400);
  });

  test("line breaks and control characters of the caller reach no header and no log line", async () => {
    const model = "assistant\r\nx-injected: 1\u0000\u001b[31m";
    const reply = await post(CHAT, text({ ...CHAT_BODY, model }), { "x-request-id": "a\tb" });
    expect(reply.status).toBe(404);
    expect(reply.headers.get("x-injected")).toBeNull();
    const id = reply.headers.get("x-request-id") ?? "";
    const [line = ""] = await bench.gateway.printed(new RegExp(`^.*"request":"${id}".*$`, "m"));
    expect(JSON.parse(line)).toMatchObject({ code: "unknown_model" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
    expect(line).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe("credentials", () => {
  const ask = (headers: Record<string, string>, query = ""): Promise<Response> =>
    fetch(`${bench.gateway.baseUrl}${CHAT}${query}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: text(CHAT_BODY),
    });

  test.each<[string, Record<string, string>, string]>([
    ["none", {}, ""],
    ["an empty one", { authorization: "Bearer " }, ""],
    ["another scheme", { authorization: `Basic ${btoa(`user:${CALLER_KEY}`)}` }, ""],
    ["a wrong one", { authorization: `Bearer ${CALLER_KEY}x` }, ""],
    ["a shorter one", { authorization: `Bearer ${CALLER_KEY.slice(0, -1)}` }, ""],
    ["a huge one", { "x-api-key": "k".repeat(5_000) }, ""],
    ["one of our form with a wrong checksum", { "x-api-key": `sk-sluice-${"a".repeat(50)}` }, ""],
    ["the demo key", { "x-api-key": "sk-sluice-demo" }, ""],
    ["the admin key", { authorization: "Bearer test-admin-key-6f0b1c9e8d7a4532" }, ""],
    ["two different ones", { authorization: `Bearer ${CALLER_KEY}`, "x-api-key": OTHER_KEY }, ""],
    ["a header and another in the query", { "x-api-key": CALLER_KEY }, `?key=${OTHER_KEY}`],
    ["two different ones in the query", {}, `?key=${CALLER_KEY}&key=${OTHER_KEY}`],
    ["a bearer list", { authorization: `Bearer ${CALLER_KEY}, Bearer ${OTHER_KEY}` }, ""],
    [
      "a bearer list and a good one",
      { authorization: `Bearer ${OTHER_KEY}, Bearer x`, "x-api-key": CALLER_KEY },
      "",
    ],
  ])("%s is 401", async (_, headers, query) => {
    const found = await refusal(CHAT, await ask(headers, query));
    expect(found).toMatchObject({ status: 401, code: "invalid_key" });
    expect(bench.upstream.requests).toHaveLength(0);
    for (const secret of [CALLER_KEY, OTHER_KEY]) expect(found.message).not.toContain(secret);
  });

  test.each<[string, Record<string, string>, string]>([
    ["authorization", { authorization: `Bearer ${CALLER_KEY}` }, ""],
    ["lower case bearer", { authorization: `bearer  ${CALLER_KEY}` }, ""],
    ["x-api-key", { "x-api-key": CALLER_KEY }, ""],
    ["x-goog-api-key", { "x-goog-api-key": CALLER_KEY }, ""],
    ["api-key", { "api-key": CALLER_KEY }, ""],
    ["the query", {}, `?key=${CALLER_KEY}`],
    [
      "the same one twice",
      { "x-api-key": CALLER_KEY, "api-key": CALLER_KEY },
      `?key=${CALLER_KEY}`,
    ],
  ])("%s works, and goes no further", async (_, headers, query) => {
    expect((await ask(headers, query)).status).toBe(200);
    const seen = bench.lastRequest();
    expect(`${seen.target} ${text(seen.headers)}`).not.toContain(CALLER_KEY);
    for (const printed of [bench.gateway.stdout, bench.gateway.stderr]) {
      expect(printed).not.toContain(CALLER_KEY);
    }
  });
});

describe("headers of the client", () => {
  test("only those of the dialect go upstream, and none of Sluice's own", async () => {
    await post(CHAT, text(CHAT_BODY), {
      cookie: "session=1",
      "x-forwarded-for": "10.0.0.1",
      "x-evil": "1",
      "openai-beta": "flag",
      "openai-organization": "org-of-the-caller",
      "user-agent": "my-client/1",
      "accept-encoding": "gzip, br",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    });
    const seen = bench.lastRequest();
    expect(seen.header("openai-beta")).toBe("flag");
    for (const name of ["cookie", "x-forwarded-for", "x-evil", "openai-organization"]) {
      expect(seen.header(name)).toBeUndefined();
    }
    expect(seen.header("accept-encoding")).toBe("identity");
    const traceparent = seen.header("traceparent") ?? "";
    expect(traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(traceparent).not.toContain("b7ad6b7169203331");
  });

  test("a request id of the client is kept beside ours, cut and printable", async () => {
    const claimed = `mine-${"x".repeat(300)}`;
    const reply = await post(CHAT, text(CHAT_BODY), { "x-request-id": claimed });
    expect(reply.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    expect(await bench.lastDecision()).toMatchObject({ client_request_id: claimed.slice(0, 200) });
  });
});
