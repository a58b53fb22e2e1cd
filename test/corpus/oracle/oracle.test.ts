// The oracle is held against what the recordings say of themselves, so that it may judge others.

import { describe, expect, test } from "bun:test";
import { asObject, type JsonObject } from "#core/json.ts";
import { hasCorpus, loadRecordings, NO_CORPUS, type Recording } from "../recordings.ts";
import { compare } from "./compare.ts";
import { valuesOf } from "./events.ts";
import { readReply } from "./read-reply.ts";

const recordings = (hasCorpus ? loadRecordings() : []).filter(
  ({ operation, reply }) => operation === "generate" && reply.status === 200,
);
if (!hasCorpus) console.warn(NO_CORPUS);

/** False for an answer that goes on in the background. */
function isFinished({ reply }: Recording): boolean {
  const status = asObject(reply.body.json)?.["status"];
  return status !== "queued" && status !== "in_progress";
}

/** The vendor's own sum, where the reply has one. */
function reportedTotal({ reply }: Recording): number | undefined {
  const parts = reply.body.text === undefined ? [reply.body.json] : valuesOf(reply.body.text);
  const totals = parts.map((part) => {
    const body: JsonObject = asObject(part) ?? {};
    const usage = asObject(body["usage"]) ?? asObject(body["usageMetadata"]);
    return usage?.["total_tokens"] ?? usage?.["totalTokenCount"];
  });
  return totals.findLast((total) => typeof total === "number");
}

describe.skipIf(!hasCorpus)("the oracle", () => {
  test("reads text, calls or other content out of every recording, and its stop", () => {
    for (const recording of recordings.filter(isFinished)) {
      const { reply, isStream } = recording;
      const text = reply.body.text ?? JSON.stringify(reply.body.json);
      const reading = readReply(recording.dialect, { text, isStream });
      const isCutShort = reading.stop === "limit";
      const hasContent =
        reading.text !== "" || reading.tools.length > 0 || reading.hasOtherContent || isCutShort;
      expect([recording.name, hasContent]).toEqual([recording.name, true]);
      expect([recording.name, reading.stop]).not.toEqual([recording.name, "none"]);
    }
  });

  test("counts the tokens that the vendors' own sums count", () => {
    let compared = 0;
    for (const recording of recordings) {
      const total = reportedTotal(recording);
      if (total === undefined) continue;
      const { reply, isStream } = recording;
      const text = reply.body.text ?? JSON.stringify(reply.body.json);
      const usage = readReply(recording.dialect, { text, isStream }).usage;
      const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0 } = usage ?? {};
      const sum = input + cacheRead + cacheWrite + output;
      expect([recording.name, sum]).toEqual([recording.name, total]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(200);
  });
});

describe("the comparison", () => {
  const reading = {
    text: "It is 4.",
    tools: [{ name: "add", arguments: { left: 2, right: 2 } }],
    stop: "tool",
    usage: { input: 10, cacheRead: 4, cacheWrite: 0, output: 6, reasoning: 2 },
    hasOtherContent: false,
  } as const;

  test("finds nothing where nothing differs, whatever the order of arguments", () => {
    const tools = [{ name: "add", arguments: { right: 2, left: 2 } }];
    expect(compare(reading, { ...reading, tools }).why).toBe("");
  });

  test("finds each difference", () => {
    const others = {
      text: { ...reading, text: "It is 4" },
      tools: { ...reading, tools: [{ name: "add", arguments: { left: 2, right: "2" } }] },
      stop: { ...reading, stop: "end" as const },
      usage: { ...reading, usage: { ...reading.usage, cacheRead: 3 } },
    };
    for (const [field, other] of Object.entries(others)) {
      const { why, ...found } = compare(reading, other);
      const different = Object.entries(found).filter(([, isEqual]) => !isEqual);
      expect(different).toEqual([[field, false]]);
      expect(why.startsWith(field)).toBe(true);
    }
  });

  test("a usage that is missing is a difference", () => {
    expect(compare(reading, { ...reading, usage: undefined }).usage).toBe(false);
  });
});
