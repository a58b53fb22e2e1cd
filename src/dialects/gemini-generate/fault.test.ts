// Errors of Google and of ours.

import { expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { readFault } from "./fault.ts";
import { geminiGenerate } from "./index.ts";

const NONE = new Headers();
const detail = (name: string, fields: object) => ({
  "@type": `type.googleapis.com/google.rpc.${name}`,
  ...fields,
});

test("finds when to try again in the body, else in the header", () => {
  const details = [
    detail("QuotaFailure", { violations: [] }),
    detail("RetryInfo", { retryDelay: "34.4s" }),
  ];
  const body = { error: { code: 429, message: "Quota.", status: "RESOURCE_EXHAUSTED", details } };
  expect(readFault(429, body, NONE)).toEqual({
    status: 429,
    code: "RESOURCE_EXHAUSTED",
    message: "Quota.",
    retryAfterMs: 34_400,
  });
  expect(readFault(503, [body], new Headers({ "retry-after": "2" })).retryAfterMs).toBe(34_400);
  expect(readFault(503, "<html>", new Headers({ "retry-after": "2" })).retryAfterMs).toBe(2000);
});

test("does not blame the request for a key that Google refuses with 400", () => {
  const details = [detail("ErrorInfo", { reason: "API_KEY_INVALID" })];
  const error = { code: 400, message: "API key not valid.", status: "INVALID_ARGUMENT", details };
  expect(readFault(400, { error }, NONE).status).toBe(401);
  expect(readFault(400, { error: { ...error, details: [] } }, NONE).status).toBe(400);
});

test("writes our errors as Google's clients parse them", () => {
  const error = new GatewayError("upstream_rate_limited", "Too many calls.", {
    retryAfterSeconds: 7,
    details: [{ target: "gemini/x", status: 429 }],
  });
  expect(geminiGenerate.fault(error, "req_1")).toEqual({
    error: {
      code: 429,
      message: "Too many calls.",
      status: "RESOURCE_EXHAUSTED",
      details: [
        detail("ErrorInfo", {
          reason: "upstream_rate_limited",
          domain: "sluice",
          metadata: { request_id: "req_1", details: '[{"target":"gemini/x","status":429}]' },
        }),
        detail("RetryInfo", { retryDelay: "7s" }),
      ],
    },
  });
});

test("ends a stream in its own framing, with what the head could not say", () => {
  const error = new GatewayError("upstream_failed", "Cut off.", { sluice: { decision: "dec_1" } });
  const sse = geminiGenerate.faultFrames(error, "req_1", "sse");
  expect(JSON.parse(sse.slice("data: ".length))).toMatchObject({
    error: { code: 502 },
    sluice: { decision: "dec_1" },
  });
  const tail = geminiGenerate.faultFrames(error, "req_1", "json-array");
  expect(JSON.parse(`[{}${geminiGenerate.keepAlive("json-array")}${tail}`)).toHaveLength(2);
  const whole = geminiGenerate.faultFrames(error, "req_1", "json-array", false);
  expect(JSON.parse(geminiGenerate.keepAlive("json-array") + whole)).toHaveLength(1);
});
