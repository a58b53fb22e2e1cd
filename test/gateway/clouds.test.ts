// Clouds as upstreams: tokens fetched, shared and renewed, requests signed, failures told and moved on from.

import { beforeEach, describe, expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI, { toFile } from "openai";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import {
  answer,
  assumesRole,
  type Behaviour,
  formOf,
  frame,
  frames,
  googleGrants,
  grantsToken,
  type RecordedRequest,
  refusesToken,
  verbatim,
  wantsBearer,
  wantsSignature,
} from "#support/upstream/upstream.ts";
import { AWS_KEYS, AZURE_KEY, BEDROCK_KEY, CALLER_KEY, cloudBench, SESSION } from "./clouds.ts";

const bench = cloudBench();
beforeEach(() => bench.forget());

const TOKEN = "ya29.clouds-first-token-0123456789abcdef";
const NEXT = "ya29.clouds-second-token-fedcba9876543210";

function anthropic(): Anthropic {
  return new Anthropic({ apiKey: CALLER_KEY, baseURL: bench.gateway.baseUrl, maxRetries: 0 });
}

function openai(): OpenAI {
  return new OpenAI({ apiKey: CALLER_KEY, baseURL: `${bench.gateway.baseUrl}/v1`, maxRetries: 0 });
}

function google(): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: CALLER_KEY,
    httpOptions: { baseUrl: bench.gateway.baseUrl },
  });
}

function last(): RecordedRequest {
  const request = bench.upstream.requests.at(-1);
  if (request === undefined) throw new Error("The upstream saw no request.");
  return request;
}

function sent(request: RecordedRequest = last()): JsonObject {
  return asObject(request.json) ?? {};
}

async function decisionOf(reply: Response): Promise<JsonObject> {
  await reply.text();
  return bench.gateway.decision(reply.headers.get("x-sluice-decision") ?? "");
}

function attemptsOf(decision: JsonObject): JsonObject[] {
  return asArray(decision["attempts"]).map((attempt) => asObject(attempt) ?? {});
}

const HELLO = [{ role: "user" as const, content: "Hello." }];

describe("Vertex", () => {
  beforeEach(() => {
    bench.logins.always("*", googleGrants(bench.account.publicKey, TOKEN));
    bench.upstream.always("*", wantsBearer([TOKEN], answer()));
  });

  test("serves Gemini to Google's client with a token that one login brought for all", async () => {
    const call = () =>
      google().models.generateContent({ model: "vertex/gemini-2.5-flash", contents: "Hello." });
    const replies = await Promise.all(Array.from({ length: 12 }, call));
    for (const { text } of replies) expect(text).toBe("The scripted upstream says hello.");
    expect(bench.logins.requests).toHaveLength(1);
    expect(last().target).toBe(
      "/v1beta1/projects/house/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent",
    );
    let streamed = "";
    const stream = await google().models.generateContentStream({
      model: "vertex/gemini-2.5-flash",
      contents: "Hello.",
    });
    for await (const chunk of stream) streamed += chunk.text ?? "";
    expect(streamed).toBe("The scripted upstream says hello.");
    const counted = await google().models.countTokens({
      model: "vertex/gemini-2.5-flash",
      contents: "Hello.",
    });
    expect(counted.totalTokens).toBe(11);
    expect(bench.logins.requests).toHaveLength(1);
  });

  test("serves Claude to Anthropic's client, the version in the body and the model in the path", async () => {
    const model = "vertex/claude-sonnet-4-5@20250929";
    const message = await anthropic().messages.create({ model, max_tokens: 99, messages: HELLO });
    expect(message.content[0]).toMatchObject({ text: "The scripted upstream says hello." });
    expect(last().target).toBe(
      "/v1/projects/house/locations/europe-west4/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict",
    );
    expect(sent()).toEqual({
      max_tokens: 99,
      messages: HELLO,
      anthropic_version: "vertex-2023-10-16",
    });
    const stream = anthropic().messages.stream({ model, max_tokens: 99, messages: HELLO });
    expect((await stream.finalMessage()).usage.output_tokens).toBe(7);
    expect(last().target).toEndWith(":streamRawPredict");
    expect(sent()).toMatchObject({ stream: true, anthropic_version: "vertex-2023-10-16" });
    expect(sent()).not.toHaveProperty("model");
    const counted = await anthropic().messages.countTokens({ model, messages: HELLO });
    expect(counted.input_tokens).toBe(11);
    expect(last().target).toEndWith("/models/count-tokens:rawPredict");
    expect(sent()).toMatchObject({ model: "claude-sonnet-4-5@20250929" });
  });

  test("serves Claude and Gemini to clients of another language, each by its own API", async () => {
    for (const [model, dialect] of [
      ["vertex/claude-haiku-4-5@20251001", "anthropic-messages"],
      ["vertex/gemini-2.5-pro", "gemini-generate"],
      ["vertex/meta/llama-3.3-70b-instruct-maas", "openai-chat"],
    ] as const) {
      const reply = await openai().chat.completions.create({ model, messages: HELLO });
      expect(reply.choices[0]?.message.content).toBe("The scripted upstream says hello.");
      expect(last().endpoint.dialect).toBe(dialect);
    }
    expect(last().target).toBe(
      "/v1/projects/house/locations/europe-west4/endpoints/openapi/chat/completions",
    );
    expect(sent()["model"]).toBe("meta/llama-3.3-70b-instruct-maas");
  });

  test("tells Google's own refusals of Claude in Anthropic's words, and Anthropic's as they came", async () => {
    const google = { code: 400, message: "The location is not right.", status: "INVALID_ARGUMENT" };
    const body = JSON.stringify([{ error: google }]);
    bench.upstream.always("*", verbatim({ status: 400, body }));
    const model = "vertex/claude-opus-4-7";
    const ask = { model, max_tokens: 9, messages: HELLO };
    const refused = await bench.post("/v1/messages", ask);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: "The location is not right." },
    });
    const own = { type: "error", error: { type: "invalid_request_error", message: "Too long." } };
    bench.upstream.always("*", verbatim({ status: 400, body: JSON.stringify(own) }));
    expect(await (await bench.post("/v1/messages", ask)).json()).toEqual(own);
    const quota = {
      error: { code: 429, message: "Quota exceeded.", status: "RESOURCE_EXHAUSTED" },
    };
    bench.upstream.always("*", verbatim({ status: 429, body: JSON.stringify(quota) }));
    const limited = await bench.post("/v1/messages", ask);
    expect(limited.status).toBe(429);
    expect(await limited.text()).toContain("Quota exceeded.");
  });

  test("is charged by the cloud's own names, and by none that nobody knows", async () => {
    const priced = await bench.chat("vertex/claude-haiku-4-5@20251001");
    // 11 and 7 tokens at 1.1 and 5.5 dollars a million: the region costs a tenth more.
    expect(priced.headers.get("x-sluice-cost-usd")).toBe("0.0000506");
    const unpriced = await bench.chat("vertex/meta/llama-3.3-70b-instruct-maas");
    expect(unpriced.headers.get("x-sluice-cost-usd")).toBeNull();
    expect(unpriced.headers.get("x-sluice-notices")).toContain("unpriced:model");
  });

  test("is called in express mode with a plain key, without project or login", async () => {
    bench.upstream.always("*", answer());
    await bench.chat("express/gemini-2.5-flash");
    expect(last().target).toBe(
      "/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent",
    );
    expect(last().header("x-goog-api-key")).toBe("AQ.express-key-0123456789");
    expect(bench.logins.requests).toEqual([]);
  });

  test("renews a token that is refused before its time, within the same attempt", async () => {
    expect((await bench.chat("vertex/gemini-2.5-flash")).status).toBe(200);
    bench.upstream.always("*", wantsBearer([NEXT], answer()));
    bench.logins.always("*", grantsToken(NEXT));
    const replies = await Promise.all([1, 2, 3].map(() => bench.chat("vertex/gemini-2.5-flash")));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(bench.logins.requests).toHaveLength(2);
    const [first] = replies;
    const decision = await decisionOf(first ?? new Response());
    expect(attemptsOf(decision).map(({ status }) => status)).toEqual([200]);
  });

  test("keeps the token over a reload, and fetches another for another login", async () => {
    await bench.chat("vertex/gemini-2.5-flash");
    await bench.reload((text) => `${text}\n# the same once more\n`);
    expect((await bench.chat("vertex/gemini-2.5-flash")).status).toBe(200);
    expect(bench.logins.requests).toHaveLength(1);
    await bench.reload((text) => text.replace("/token }", "/other-token }"));
    expect((await bench.chat("vertex/gemini-2.5-flash")).status).toBe(200);
    expect(bench.logins.requests.map(({ target }) => target)).toEqual(["/token", "/other-token"]);
    await bench.reload((text) => text.replace("/other-token }", "/token }"));
  });

  test("does not hammer the token service when its tokens are refused again and again", async () => {
    bench.upstream.always("*", wantsBearer(["no such token"], answer()));
    for (let call = 0; call < 6; call += 1) {
      const reply = await bench.chat("vertex/gemini-refused");
      expect(reply.status).toBe(502);
      expect(reply.headers.get("x-sluice-error")).toBe("upstream_misconfigured");
    }
    expect(bench.logins.requests.length).toBeLessThanOrEqual(2);
  });

  test("fetches a new token ahead of the end of a short one, and no call waits for it", async () => {
    bench.logins.script("*", grantsToken(TOKEN, 1), grantsToken(NEXT, 3600));
    bench.upstream.always("*", wantsBearer([TOKEN, NEXT], answer()));
    const shown = new Set<string | undefined>();
    while (!shown.has(`Bearer ${NEXT}`)) {
      expect((await bench.chat("vertex/gemini-2.5-flash")).status).toBe(200);
      shown.add(last().header("authorization"));
    }
    expect([...shown]).toEqual([`Bearer ${TOKEN}`, `Bearer ${NEXT}`]);
    expect(bench.logins.requests).toHaveLength(2);
  });

  test("tells a refused login as the operator's, and moves on where another target stands by", async () => {
    bench.logins.always("*", refusesToken("invalid_grant", "Account robot was disabled."));
    const refused = await bench.chat("vertex/gemini-2.5-flash");
    expect(refused.status).toBe(502);
    expect(refused.headers.get("x-sluice-error")).toBe("upstream_misconfigured");
    expect(await refused.text()).toContain("invalid_grant: Account robot was disabled");
    expect(bench.upstream.requests).toEqual([]);
    await bench.gateway.printed(/"login failed"[^\n]*"provider":"vertex"/);
    const headers = { authorization: `Bearer ${bench.gateway.adminKey}` };
    const metrics = await (await fetch(`${bench.gateway.baseUrl}/metrics`, { headers })).text();
    expect(metrics).toContain(
      'sluice_login_failures_total{provider="vertex",outcome="misconfigured"} 1',
    );

    const moved = await bench.chat("safe");
    expect(moved.status).toBe(502);
    bench.upstream.always("spare", answer());
    expect((await bench.chat("safe")).headers.get("x-sluice-target")).toBe("spare/spare");
  });

  test("tells a token service that is down as a failure that may pass", async () => {
    bench.logins.always("*", verbatim({ status: 503, body: "<html>busy</html>" }));
    bench.upstream.always("spare", answer());
    const reply = await bench.chat("safe");
    expect(reply.headers.get("x-sluice-target")).toBe("spare/spare");
    const [first] = attemptsOf(await decisionOf(reply));
    expect(first).toMatchObject({ outcome: "overloaded", status: 503 });
  });

  test("gets over a hiccup of the token service by a repeat of the same target", async () => {
    const busy = verbatim({ status: 503, body: "busy" });
    bench.logins.script("*", busy, busy);
    const reply = await bench.chat("patient");
    expect(reply.status).toBe(200);
    const attempts = attemptsOf(await decisionOf(reply)).map(({ outcome }) => outcome);
    expect(attempts.at(0)).toBe("overloaded");
    expect(attempts.at(-1)).toBe("succeeded");
  });
});

describe("Azure OpenAI", () => {
  beforeEach(() => {
    bench.logins.always("*", grantsToken(TOKEN));
    bench.upstream.always("*", wantsBearer([TOKEN], answer()));
  });

  test("is called by its v1 API with a token of the application", async () => {
    const reply = await openai().chat.completions.create({ model: "azure/mine", messages: HELLO });
    expect(reply.choices[0]?.message.content).toBe("The scripted upstream says hello.");
    expect(last().target).toBe("/openai/v1/chat/completions");
    expect(last().header("api-key")).toBeUndefined();
    expect(sent()["model"]).toBe("mine");
    const [login] = bench.logins.requests;
    expect(login?.target).toBe("/house/oauth2/v2.0/token");
    expect(formOf(login as RecordedRequest)).toMatchObject({
      client_id: "app",
      scope: "https://cognitiveservices.azure.com/.default",
      grant_type: "client_credentials",
    });
    const embedded = await openai().embeddings.create({ model: "azure/emb", input: "Hello." });
    expect(embedded.data).toHaveLength(1);
    expect(last().target).toBe("/openai/v1/embeddings");
  });

  test("is called with the token of a workload", async () => {
    await bench.chat("azure-workload/mine");
    expect(formOf(bench.logins.requests[0] as RecordedRequest)["client_assertion"]).toBe(
      "first.web.token",
    );
  });

  test("lets a login that is refused rest while a key serves", async () => {
    bench.logins.always("*", refusesToken("invalid_client", "The secret has expired.", 401));
    bench.upstream.always("*", answer());
    const first = await bench.chat("either");
    expect(first.status).toBe(200);
    expect(attemptsOf(await decisionOf(first))).toMatchObject([
      { key: "login", outcome: "misconfigured", status: 401 },
      { key: "key", outcome: "succeeded" },
    ]);
    const second = await bench.chat("either");
    expect(attemptsOf(await decisionOf(second)).map(({ key }) => key)).toEqual(["key"]);
    expect(bench.logins.requests).toHaveLength(1);
  });

  test("is called by its dated API with a key", async () => {
    bench.upstream.always("*", answer());
    await bench.chat("azure-dated/our gpt");
    expect(last().target).toBe(
      "/openai/deployments/our%20gpt/chat/completions?api-version=2024-10-21",
    );
    expect(last().header("api-key")).toBe(AZURE_KEY);
    expect(last().header("authorization")).toBeUndefined();
  });

  test("charges a deployment as the model that it stands for, and flags one that nobody knows", async () => {
    const known = await bench.chat("azure/mine");
    expect(known.headers.get("x-sluice-cost-usd")).toBe("0.000078");
    const unknown = await bench.chat("azure/somebodys");
    expect(unknown.headers.get("x-sluice-notices")).toContain("unpriced:model");
  });

  test("takes uploads with a token, once, and a new token for the next", async () => {
    const transcript = verbatim({ status: 200, body: JSON.stringify({ text: "Hello there." }) });
    bench.upstream.always("*", wantsBearer([TOKEN], transcript));
    const upload = async () =>
      openai().audio.transcriptions.create({
        model: "azure/whisper",
        file: await toFile(Buffer.alloc(3_000_000, "sound "), "speech.mp3"),
      });
    expect((await upload()).text).toBe("Hello there.");
    expect(last().target).toBe("/openai/v1/audio/transcriptions");
    expect(last().body.length).toBeGreaterThan(3_000_000);
    bench.logins.always("*", grantsToken(NEXT));
    bench.upstream.always("*", wantsBearer([NEXT], transcript));
    await expect(upload()).rejects.toMatchObject({ status: 502 });
    expect((await upload()).text).toBe("Hello there.");
  });

  test("passes the filter's findings on: the first chunk without choices, the refusal as it came", async () => {
    const results = { hate: { filtered: false, severity: "safe" } };
    const chunk = (members: object) => frame({ id: "c", ...members });
    const stream: Behaviour = frames(() => [
      chunk({
        choices: [],
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: results }],
      }),
      chunk({
        choices: [
          {
            index: 0,
            delta: { role: "assistant", content: "Hi" },
            finish_reason: null,
            content_filter_results: results,
          },
        ],
      }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }),
      chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } }),
      frame("[DONE]"),
    ]);
    bench.upstream.always("*", stream);
    const reply = await (await bench.chat("azure/mine", { stream: true })).text();
    expect(reply).toContain("prompt_filter_results");
    expect(reply).toContain('"finish_reason":"stop"');
    expect(reply).toEndWith("data: [DONE]\n\n");

    const body = JSON.stringify({
      error: {
        message: "The response was filtered.",
        type: null,
        param: "prompt",
        code: "content_filter",
        status: 400,
        innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: results },
      },
    });
    bench.upstream.always("*", verbatim({ status: 400, contentType: "text/plain", body }));
    const refused = await bench.chat("azure/mine");
    expect(refused.status).toBe(400);
    expect(await refused.text()).toBe(body);
  });
});

const CONVERSE = verbatim({
  status: 200,
  body: JSON.stringify({
    output: { message: { role: "assistant", content: [{ text: "Signed, sealed." }] } },
    stopReason: "end_turn",
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
    metrics: { latencyMs: 1 },
  }),
});

describe("Bedrock", () => {
  test("is signed as Amazon checks it, also for names that have to be escaped", async () => {
    bench.upstream.always("*", wantsSignature([AWS_KEYS], CONVERSE));
    for (const model of [
      "us.amazon.nova-lite-v1:0",
      "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
      "amazon.nova(lite)*'!~ü",
    ]) {
      const reply = await bench.chat(`bedrock/${model}`);
      expect(reply.status).toBe(200);
      expect(await reply.text()).toContain("Signed, sealed.");
      expect(last().endpoint.model).toBe(model);
    }
    expect(last().header("x-amz-security-token")).toBeUndefined();
    expect(bench.logins.requests).toEqual([]);
  });

  test("is signed over large bodies as well, which a worker thread writes and hashes", async () => {
    bench.upstream.always("*", wantsSignature([AWS_KEYS], CONVERSE));
    const text = "a long story ".repeat(120_000);
    const messages = [{ role: "user", content: text }];
    const reply = await bench.post("/v1/chat/completions", {
      model: "bedrock/us.amazon.nova-lite-v1:0",
      messages,
    });
    expect(reply.status).toBe(200);
    expect(last().body.length).toBeGreaterThan(1_500_000);
  });

  test("takes on a role by its keys, and tells who it is", async () => {
    bench.logins.always("*", wantsSignature([AWS_KEYS], assumesRole(SESSION)));
    bench.upstream.always("*", wantsSignature([SESSION], CONVERSE));
    expect((await bench.chat("bedrock-role/us.amazon.nova-lite-v1:0")).status).toBe(200);
    expect(formOf(bench.logins.requests[0] as RecordedRequest)).toMatchObject({
      Action: "AssumeRole",
      RoleSessionName: "sluice",
      ExternalId: "house-7",
    });
  });

  test("takes on a role by a web identity that is read anew, and renews a session that has ended", async () => {
    bench.logins.script("*", assumesRole(SESSION));
    bench.upstream.always("*", wantsSignature([SESSION], CONVERSE));
    expect((await bench.chat("bedrock-web/us.amazon.nova-lite-v1:0")).status).toBe(200);
    const next = {
      ...SESSION,
      accessKeyId: "ASIACLOUDS0000000003",
      sessionToken: "FwoG-next-token",
    };
    bench.logins.script("*", assumesRole(next));
    const signers = [{ ...SESSION, isExpired: true }, next];
    bench.upstream.always("*", wantsSignature(signers, CONVERSE));
    await bench.writeToken("second.web.token");
    expect((await bench.chat("bedrock-web/us.amazon.nova-lite-v1:0")).status).toBe(200);
    expect(last().header("x-amz-security-token")).toBe("FwoG-next-token");
    const tokens = bench.logins.requests.map((request) => formOf(request)["WebIdentityToken"]);
    expect(tokens).toEqual(["first.web.token", "second.web.token"]);
    await bench.writeToken("first.web.token");
  });

  test("takes session keys from a server that hands them out", async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = SESSION;
    const keys = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    };
    bench.logins.always("*", verbatim({ status: 200, body: JSON.stringify(keys) }));
    bench.upstream.always("*", wantsSignature([SESSION], CONVERSE));
    const replies = [1, 2].map(() => bench.chat("bedrock-server/us.amazon.nova-lite-v1:0"));
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200]);
    expect(bench.logins.requests).toHaveLength(1);
    const [asked] = bench.logins.requests;
    expect([asked?.method, asked?.target]).toEqual(["GET", "/keys"]);
    expect(asked?.header("authorization")).toBe("pod-token-0123456789");
    expect(asked?.body).toHaveLength(0);
  });

  test("is called with a Bedrock API key as a bearer", async () => {
    bench.upstream.always("*", wantsBearer([BEDROCK_KEY], CONVERSE));
    expect((await bench.chat("bedrock-key/us.amazon.nova-lite-v1:0")).status).toBe(200);
    expect(last().header("x-amz-date")).toBeUndefined();
  });

  test("moves from a refused credential to one of another sort, and lets the refused one rest", async () => {
    bench.upstream.always("*", wantsSignature([AWS_KEYS], CONVERSE));
    const first = await bench.chat("two");
    expect(first.status).toBe(200);
    expect(attemptsOf(await decisionOf(first)).map(({ key }) => key)).toEqual(["wrong", "right"]);
    const second = await bench.chat("two");
    expect(attemptsOf(await decisionOf(second)).map(({ key }) => key)).toEqual(["right"]);
  });

  test("tells keys that the service refuses as the operator's, without repeating what was signed", async () => {
    const stranger = { ...AWS_KEYS, secretAccessKey: "something else" };
    bench.upstream.always("*", wantsSignature([stranger], CONVERSE));
    const reply = await bench.chat("bedrock/us.amazon.nova-refused-v1:0");
    expect(reply.status).toBe(502);
    const text = await reply.text();
    expect(text).toContain("upstream_misconfigured");
    expect(text).not.toContain(AWS_KEYS.accessKeyId);
    expect(text).not.toMatch(/Signature=[0-9a-f]{8}/);
  });
});
