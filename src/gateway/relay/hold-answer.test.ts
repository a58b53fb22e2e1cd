// Answers that are held: what becomes of them when the check says no, or cannot be made.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { GatewayEvent } from "#core/events.ts";
import type { AnswerVerdict } from "#core/ports/answer-checker.ts";
import { NO_USAGE } from "#core/usage.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import type { NeutralReply, StopReason } from "#dialects/neutral.ts";
import { AttemptFailure } from "../upstream/attempt-failure.ts";
import { holdAnswer } from "./hold-answer.ts";

const PLAN: AnswerPlan = { schema: {}, carrier: "text", toolName: "", isEmulated: true };

function reply(texts: readonly string[], stop: StopReason = "end"): NeutralReply {
  const choices = texts.map((text, index) => ({
    index,
    parts: [{ kind: "text", text }] as const,
    stop,
    vendorStop: "",
  }));
  return { origin: "up", id: "r", model: "m", createdAt: 0, choices, usage: undefined };
}

/** Holds a reply with checks that end as told. */
async function hold(given: NeutralReply, verdict: () => Promise<AnswerVerdict>) {
  const events: GatewayEvent[] = [];
  const asked: string[] = [];
  const checker = {
    inspect: verdict,
    check: (text: string) => {
      asked.push(text);
      return verdict();
    },
  };
  const held = { reply: given, plan: PLAN, status: 200, used: NO_USAGE };
  const emit = (event: GatewayEvent) => events.push(event);
  const result = await holdAnswer(held, { checker, emit }).catch((error: unknown) => error);
  return { result, events, asked };
}

const valid = async (): Promise<AnswerVerdict> => ({ outcome: "valid" });

describe("a held answer", () => {
  test("goes on when every choice is valid", async () => {
    const { result, asked } = await hold(reply(["{}", "```json\n[]\n```"]), valid);
    expect(asked).toEqual(["{}", "[]"]);
    expect((result as NeutralReply).choices.map(({ parts }) => parts)).toEqual([
      [{ kind: "text", text: "{}" }],
      [{ kind: "text", text: "[]" }],
    ]);
  });

  test("fails with what a repair needs, and tells records the keywords alone", async () => {
    const problems = [{ place: "#/secret", keyword: "type", message: "secret words" }];
    const { result } = await hold(reply(["{}"]), async () => ({ outcome: "invalid", problems }));
    if (!(result instanceof AttemptFailure)) throw new Error("It should have failed.");
    expect(result.outcome).toBe("invalid_answer");
    expect(result.repair).toEqual({ answer: "{}", problems });
    expect(result.message).toContain("(type)");
    expect(result.message).not.toContain("secret");
  });

  test("that was cut off or filtered is not checked at all", async () => {
    for (const stop of ["max_tokens", "content_filter", "refusal"] as const) {
      const { result, asked } = await hold(reply(['{"a'], stop), valid);
      expect(asked).toEqual([]);
      expect((result as NeutralReply).choices[0]?.stop).toBe(stop);
    }
  });

  test("that nobody can check fails without a repair, and without blame for the upstream", async () => {
    const busy = new GatewayError("overloaded", "Too many.");
    for (const fault of [busy, new Error("The thread is gone.")]) {
      const { result, events } = await hold(reply(["{}"]), () => Promise.reject(fault));
      if (!(result instanceof AttemptFailure)) throw new Error("It should have failed.");
      expect([result.outcome, result.repair]).toEqual(["invalid_answer", undefined]);
      // A fault of ours must be seen; a crowd is none.
      expect(events).toHaveLength(fault === busy ? 0 : 1);
    }
  });

  test("whose check takes too long fails", async () => {
    const { result } = await hold(reply(["{}"]), async () => ({ outcome: "too_slow" }));
    expect(result).toBeInstanceOf(AttemptFailure);
  });
});
