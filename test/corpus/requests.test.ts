// Every recorded request, written in every other dialect: what it says is still said, the vendor that it
// goes to takes it by its published rules, and on its way back nothing more is lost.

import { describe, expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import {
  type Corner,
  EDGES,
  homeOf,
  isAnswered,
  neutralOf,
  readBack,
  targetOf,
  type Written,
  writtenFor,
} from "./corners.ts";
import { explain } from "./explanations.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { differences, type RequestView, viewOf } from "./request-view.ts";
import { requestFaults } from "./rules/check-request.ts";
import { loadSamples, type SampledRequest } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { requests } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

interface Pair {
  readonly from: Corner;
  readonly to: Corner;
  readonly request: SampledRequest;
}

describe.skipIf(!hasCorpus)("recorded requests in other dialects", () => {
  test("say the same, are taken by the vendor, and come back", () => {
    const tally = new Tally("requests");
    for (const { from, to } of EDGES) {
      for (const request of requests.filter(
        (each) => each.dialect === from.id && isAnswered(each),
      )) {
        tally.add(`${from.id} -> ${to.id}`, request.name, judge({ from, to, request }));
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
    expect(tally.isOverExplained).toBe(false);
  }, 60_000);
});

function judge(pair: Pair): Outcome {
  const { from, to, request } = pair;
  try {
    const wanted = neutralOf(from, request);
    const written = writtenFor(to, wanted, targetOf(to, wanted));
    const faults = requestFaults(to.id, written.body);
    if (faults.length > 0) return { kind: "failed", why: `refused by rule: ${faults.join("; ")}` };
    const arrived = readBack(to, written.body, request.isStream);
    const there = judgeDifference(pair, [wanted, arrived], written);
    if (there.kind === "failed") return there;
    const returned = writtenFor(from, arrived, homeOf(from, request));
    const back = judgeDifference(
      pair,
      [arrived, readBack(from, returned.body, request.isStream)],
      returned,
    );
    return back.kind === "equal" ? there : back;
  } catch (error) {
    return refusal(pair, error);
  }
}

function refusal({ from, to, request }: Pair, error: unknown): Outcome {
  if (!(error instanceof GatewayError) || error.code !== "unsupported_feature") {
    return { kind: "failed", why: `threw ${error instanceof Error ? error.stack : error}` };
  }
  const what = error.message;
  const about = { about: "refusal", from: from.id, to: to.id, notices: [] } as const;
  const reason = explain({ ...about, what, sample: request.name });
  return reason === undefined
    ? { kind: "failed", why: `refused: ${what}` }
    : { kind: "refused", reason };
}

function judgeDifference(
  { from, to, request }: Pair,
  [one, other]: readonly [NeutralRequest, NeutralRequest],
  { notices }: Written,
): Outcome {
  const [wanted, got] = [viewOf(one), viewOf(other)];
  const reasons = new Set<string>();
  for (const what of differences(wanted, got)) {
    const about = { about: "request", what, from: from.id, to: to.id, notices } as const;
    const reason = explain({ ...about, sample: request.name });
    if (reason === undefined) {
      const name = what.split(":", 1)[0] as keyof RequestView;
      return { kind: "failed", why: told(name, wanted, got, notices) };
    }
    reasons.add(reason);
  }
  return reasons.size === 0 ? EQUAL : { kind: "explained", reason: [...reasons].join("; ") };
}

function told(
  what: keyof RequestView,
  wanted: RequestView,
  got: RequestView,
  notices: readonly string[],
): string {
  const [one, other] = [JSON.stringify(wanted[what]) ?? "", JSON.stringify(got[what]) ?? ""];
  const at = [...one].findIndex((character, index) => character !== other[index]);
  const from = Math.max(0, at - 60);
  const cut = (text: string) => text.slice(from, from + 200);
  return `${what}: ${cut(one)} became ${cut(other)} [${[...new Set(notices)].join(", ")}]`;
}
