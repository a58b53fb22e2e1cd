// The thread that checks answers: verdicts, and what a hostile schema can do to others.

import { afterAll, expect, test } from "bun:test";
import { systemClock } from "#platform/system-clock.ts";
import { createAnswerChecker } from "./answer-checker.ts";

const checker = createAnswerChecker(systemClock, () => undefined);
afterAll(() => checker.stop());

const NAMED = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };

test("a valid answer is valid, and others are told what is wrong", async () => {
  expect(await checker.check('{"name":"Ada"}', NAMED)).toEqual({ outcome: "valid" });
  const verdict = await checker.check('{"name":1}', NAMED);
  expect(verdict).toMatchObject({
    outcome: "invalid",
    problems: [{ place: "#/name", keyword: "type" }],
  });
  expect(await checker.check("Sure! Here it is", NAMED)).toMatchObject({ outcome: "invalid" });
});

test("a schema that cannot be used is told apart from a wrong answer", async () => {
  for (const schema of [{ $ref: "#" }, { $ref: "#/nowhere" }, { pattern: "(" }]) {
    expect(await checker.check('"x"', schema)).toMatchObject({ outcome: "unusable" });
  }
});

/** 2 to the 30 ways through a schema of thirty lines. */
function fanningOut() {
  const steps = Array.from({ length: 30 }, (_, step) => {
    const next = { $ref: `#/$defs/s${step + 1}` };
    return [`s${step}`, { allOf: [next, next] }];
  });
  return { $ref: "#/$defs/s0", $defs: { ...Object.fromEntries(steps), s30: {} } };
}

const HOSTILE = {
  "patterns that backtrack": { allOf: Array(9).fill({ pattern: "^(([a-z])+.)+[A-Z]([a-z])+$" }) },
  "references that fan out": fanningOut(),
};

test.each(Object.entries(HOSTILE))(
  "%s stop their own check alone, and block nobody",
  async (_name, hostile) => {
    const before = systemClock.monotonic();
    const slow = checker.check(JSON.stringify("a".repeat(64)), hostile);
    const behind = checker.check('{"name":"Ada"}', NAMED);
    await Promise.resolve();
    // The event loop goes on at once: the work is elsewhere.
    expect(systemClock.monotonic() - before).toBeLessThan(200);
    expect(await slow).toEqual({ outcome: "too_slow" });
    expect(await behind).toEqual({ outcome: "valid" });
  },
);

test("an answer does not wait behind schemas that nobody has answered yet", async () => {
  const hostile = HOSTILE["references that fan out"];
  const ended: string[] = [];
  const schemas = Array.from({ length: 4 }, () =>
    checker.inspect(hostile).then(() => ended.push("schema")),
  );
  const answer = checker.check('{"name":"Ada"}', NAMED).then(() => ended.push("answer"));
  await Promise.all([...schemas, answer]);
  expect(ended).toEqual(["schema", "answer", "schema", "schema", "schema"]);
}, 15_000);

test("more checks than may wait are refused", async () => {
  const all = await Promise.allSettled(
    Array.from({ length: 260 }, () => checker.check('{"name":"Ada"}', NAMED)),
  );
  const refused = all.filter(({ status }) => status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(all.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(200);
});
