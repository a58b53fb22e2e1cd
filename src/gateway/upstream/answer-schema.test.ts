// Schemas that answers cannot be held to: refused before anybody is asked.

import { expect, test } from "bun:test";
import type { AnswerVerdict } from "#core/ports/answer-checker.ts";
import type { AnswerPlan } from "#dialects/adapt/restoring.ts";
import { refuseUnusable } from "./answer-schema.ts";

const PLAN: AnswerPlan = { schema: {}, carrier: "text", toolName: "", isEmulated: true };

const looked = (verdict: AnswerVerdict) => {
  const checker = { inspect: async () => verdict, check: async () => verdict };
  return refuseUnusable(PLAN, { checker });
};

test("what cannot be used, or checked in time, is the caller's to mend", async () => {
  await looked({ outcome: "valid" });
  for (const verdict of [
    { outcome: "unusable", reason: "No." },
    { outcome: "too_slow" },
  ] as const) {
    await expect(looked(verdict)).rejects.toMatchObject({ code: "invalid_request" });
  }
});
