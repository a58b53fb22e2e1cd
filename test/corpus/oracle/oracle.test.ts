// The oracle is held against what the recordings say of themselves, so that it may judge others.

import { describe, expect, test } from "bun:test";
import { asObject, type JsonObject } from "#core/json.ts";
import { hasCorpus, loadRecordings, NO_CORPUS, type Recording } from "../recordings.ts";
import { valuesOf } from "./events.ts";
import { readReply } from "./read-reply.ts";

const recordings = (hasCorpus ? loadRecordings() : []).filter(
  ({ operation, reply }) => operation === "generate" && reply.status === 200,
);
if (!hasCorpus) console.warn(NO_CORPUS);

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
    for (const recording of recordings) {
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
