import { describe, expect, test } from "bun:test";
import { readFault } from "./fault.ts";
import { inspect } from "./inspect.ts";
import { readStop } from "./stop-reason.ts";

function typed(type: string): Headers {
  return new Headers({ "x-amzn-errortype": type });
}

describe("readFault", () => {
  test("finds the type in the header, with or without what AWS hangs on it", () => {
    const body = { message: "Slow down." };
    const expected = { status: 429, code: "ThrottlingException", message: "Slow down." };
    expect(readFault(429, body, typed("ThrottlingException"))).toEqual(expected);
    const long = "com.amazon.coral#ThrottlingException:http://internal.amazon.com/coral/x/";
    expect(readFault(429, body, typed(long))).toEqual(expected);
    expect(readFault(429, { ...body, __type: "a#ThrottlingException" }, new Headers())).toEqual(
      expected,
    );
  });

  test.each([
    [400, "ExpiredTokenException", 401],
    [403, "UnrecognizedClientException", 401],
    [403, "AccessDeniedException", 403],
    [400, "ServiceQuotaExceededException", 429],
    [424, "ModelErrorException", 500],
    [408, "ModelTimeoutException", 408],
    [429, "ModelNotReadyException", 429],
    [400, "ValidationException", 400],
  ])("says what %d %s means", (status, type, meant) => {
    expect(readFault(status, { Message: "No." }, typed(type)).status).toBe(meant);
  });

  test("is content with a page of something else", () => {
    expect(readFault(502, undefined, new Headers()).message).toContain("502");
  });
});

test("an error inside a 200 is a fault, and so is what is no answer at all", () => {
  expect(
    inspect({ message: "It broke.", __type: "ThrottlingException" }, "generate").fault,
  ).toEqual({
    status: 429,
    code: "ThrottlingException",
    message: "It broke.",
  });
  expect(inspect({ results: [] }, "generate").fault?.code).toBe("malformed_reply");
});

test("an answer without content is empty, one that a guardrail stopped is not", () => {
  const answer = (stopReason: string) => {
    return inspect(
      { output: { message: { role: "assistant", content: [] } }, stopReason },
      "generate",
    );
  };
  expect(answer("end_turn").empty).toBe(true);
  expect(answer("a_new_word").empty).toBe(true);
  expect(answer("guardrail_intervened").empty).toBe(false);
  expect(answer("max_tokens").empty).toBe(false);
});

test("a stop for a tool without a call of the client's is an end", () => {
  expect(readStop({ stopReason: "tool_use" }, false).stop).toBe("end");
  expect(readStop({ stopReason: "end_turn" }, true).stop).toBe("tool_call");
  expect(readStop({ stopReason: "something_new" }, false)).toEqual({
    stop: "unknown",
    vendorStop: "something_new",
  });
});

test("a count is an answer that used nothing", () => {
  expect(inspect({ inputTokens: 12 }, "count_tokens")).toMatchObject({ empty: false, stop: "end" });
  expect(inspect({ inputTokens: 12 }, "count_tokens").usage?.inputTokens).toBe(0);
  expect(inspect({ tokens: 12 }, "count_tokens").fault?.code).toBe("malformed_reply");
});
