import { describe, expect, test } from "bun:test";
import type { Json } from "#core/json.ts";
import { readFault, readInlineFault } from "./fault.ts";

const NO_HEADERS = new Headers();

describe("readFault", () => {
  test.each<[string, Json, string, string]>([
    ["OpenAI", { error: { message: "No.", type: "t", param: null, code: "c" } }, "c", "No."],
    ["OpenAI without a code", { error: { message: "No.", type: "t", code: null } }, "t", "No."],
    ["a text", { error: "No." }, "", "No."],
    ["Mistral", { object: "error", message: "No.", type: "t", code: "1000" }, "1000", "No."],
    ["FastAPI", { detail: [{ loc: ["body", "n"], msg: "No." }] }, "", "No. (body.n)"],
    ["FastAPI in words", { detail: "No." }, "", "No."],
    [
      "Mistral's checks",
      { message: { detail: [{ loc: ["body", "n"], msg: "No." }] }, type: "t", code: null },
      "t",
      "No. (body.n)",
    ],
    ["Mistral's other checks", { message: [{ loc: ["body"], msg: "No." }] }, "", "No. (body)"],
    ["Hugging Face", { error: ["No.", "And more."] }, "", "No."],
    ["Z.ai", { error: { code: "1113", message: "No." } }, "1113", "No."],
    ["xAI", { code: "The caller is wrong", error: "No." }, "The caller is wrong", "No."],
    ["Google's imitation", [{ error: { code: 400, message: "No.", status: "S" } }], "400", "No."],
  ])("reads the form of %s", (_name, body, code, message) => {
    expect(readFault(400, body, NO_HEADERS)).toEqual({ status: 400, code, message });
  });

  test("shows what the vendor behind a router said", () => {
    const error = { code: 502, message: "Provider returned error", metadata: { raw: "Too long." } };
    expect(readFault(502, { error }, NO_HEADERS).message).toBe(
      "Provider returned error: Too long.",
    );
  });

  test.each<[Record<string, string>, number]>([
    [{ "retry-after-ms": "1500", "retry-after": "9" }, 1500],
    [{ "retry-after": "1.5" }, 1500],
    [
      {
        "retry-after": "Fri, 01 Jan 2027 00:00:10 GMT",
        date: "Fri, 01 Jan 2027 00:00:00 GMT",
      },
      10_000,
    ],
  ])("reads when to try again from %j", (headers, expected) => {
    expect(readFault(429, {}, new Headers(headers)).retryAfterMs).toBe(expected);
  });

  test("reads when to try again from the message", () => {
    const error = { message: "Rate limit reached. Please try again in 1.3s. Visit …" };
    expect(readFault(429, { error }, NO_HEADERS).retryAfterMs).toBe(1300);
  });

  test("knows no time to try again when nobody tells one", () => {
    expect(readFault(429, undefined, new Headers({ "retry-after": "soon" }))).not.toHaveProperty(
      "retryAfterMs",
    );
  });
});

describe("readInlineFault", () => {
  test("reads the status that the error tells", () => {
    expect(readInlineFault({ error: { message: "No.", status_code: 400 } })?.status).toBe(400);
    expect(readInlineFault({ error: { message: "No.", code: 429 } })?.status).toBe(429);
    expect(readInlineFault({ error: { message: "No.", code: "x" } })?.status).toBe(0);
  });

  test("sees no error where there is none", () => {
    expect(readInlineFault({ error: null, choices: [] })).toBeUndefined();
  });
});
