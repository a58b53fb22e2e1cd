// `unpriced_models: deny`: what cannot be priced is not called.

import { describe, expect, test } from "bun:test";
import { DIALECTS, gatewayBench, PROVIDER_KEY } from "./bench.ts";
import { Caller } from "./client.ts";
import { brief, DEFAULT_COST, expectRow } from "./ledger.ts";

const bench = gatewayBench({
  catalogued: [`house: { kind: openai-compatible, base_url: ORIGIN/v1, api_key: ${PROVIDER_KEY} }`],
  sections: ["unpriced_models: deny"],
});
const caller = new Caller(() => bench.baseUrl);

describe.each(DIALECTS)("a %s client", (dialect) => {
  for (const stream of [false, true]) {
    const alone = bench.route("house");
    test(`is refused where no target has a price, stream ${stream}`, async () => {
      const reply = await caller.call(dialect, alone.model, { stream });
      expect(reply.status).toBe(403);
      expect(reply.errorCode).toBe("unpriced_model");
      expect(bench.calls(alone)).toEqual([0]);
      const written = brief(await bench.record(reply.decision));
      expect(written).toMatchObject({
        outcome: "refused",
        status: 403,
        code: "unpriced_model",
        attempts: [],
        cost: "0",
      });
      await expectRow(bench, alone, written);
    });

    const second = bench.route("house", dialect);
    test(`is served by the target that has one, stream ${stream}`, async () => {
      const reply = await caller.call(dialect, second.model, { stream });
      expect(reply.status).toBe(200);
      expect(bench.calls(second)).toEqual([0, 1]);
      const record = await bench.record(reply.decision);
      expect(brief(record)).toMatchObject({ outcome: "answered", cost: DEFAULT_COST });
      expect(record["rejected"]).toMatchObject([
        { target: second.targets[0]?.name ?? "", because: [{ code: "unpriced" }] },
      ]);
    });
  }
});
