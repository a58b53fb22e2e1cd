import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { fault, faultFrames, readFault, readFaultBody } from "./fault.ts";

describe("errors of upstreams", () => {
  test("are read with their type and the time to wait", () => {
    const body = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    const headers = new Headers({ "retry-after": "2.5" });
    expect(readFault(529, body, headers)).toEqual({
      status: 529,
      code: "overloaded_error",
      message: "Overloaded",
      retryAfterMs: 2500,
    });
  });

  test("tell milliseconds more exactly, and dates not at all", () => {
    const exact = new Headers({ "retry-after": "3", "retry-after-ms": "120" });
    expect(readFault(429, undefined, exact).retryAfterMs).toBe(120);
    const date = new Headers({ "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" });
    expect(readFault(429, undefined, date)).not.toHaveProperty("retryAfterMs");
  });

  test("tell their status by their type inside a stream", () => {
    const statusOf = (type: string) => readFaultBody(0, { error: { type, message: "x" } }).status;
    expect(
      ["rate_limit_error", "api_error", "overloaded_error", "new_error"].map(statusOf),
    ).toEqual([429, 500, 529, 0]);
  });

  test.each([
    [{ error: "no such model" }, "no such model"],
    [{ message: "Forbidden" }, "Forbidden"],
    [{ detail: "Not here" }, "Not here"],
    ["<html>", "The upstream answered with status 404 and no error message."],
  ])("are read from imitators too: %p", (body, message) => {
    expect(readFault(404, body, new Headers())).toMatchObject({ status: 404, message });
  });
});

describe("our own errors", () => {
  test("have the vendor's type and our code", () => {
    const error = new GatewayError("invalid_request", "Bad role.", { param: "messages[0].role" });
    expect(fault(error, "req_1")).toEqual({
      type: "error",
      error: {
        type: "invalid_request_error",
        message: "Bad role.",
        code: "invalid_request",
        details: { param: "messages[0].role" },
      },
      request_id: "req_1",
    });
  });

  test("follow the status that the upstream decides", () => {
    const error = new GatewayError("upstream_rejected", "Too long.", { status: 413 });
    expect(fault(error, "req_1")["error"]).toMatchObject({ type: "request_too_large" });
  });

  test("keep lists of attempts, and tell in a stream what the head could not", () => {
    const details = [{ target: "claude/a" }];
    const error = new GatewayError("upstream_failed", "All failed.", {
      details,
      sluice: { attempts: 2 },
    });
    expect(fault(error, "req_1")["error"]).toMatchObject({ details });
    const frames = faultFrames(error, "req_1");
    expect(frames.startsWith("event: error\ndata: ")).toBe(true);
    expect(frames).toContain('"sluice":{"attempts":2}');
  });
});
