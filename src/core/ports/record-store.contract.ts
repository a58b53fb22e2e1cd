// What every RecordStore does with what its Journal was given. Run for each implementation by its
// own test file.

import { describe, expect, test } from "bun:test";
import { usage } from "../usage.ts";
import type { Journal } from "./journal.ts";
import { SAMPLE_START_MS, sampleId, sampleRecord } from "./record-sample.contract.ts";
import type { DecisionQuery, RecordStore, UsageGroup, UsageQuery } from "./record-store.ts";

/** The two ends of one store. */
export interface RecordEnds {
  readonly journal: Journal;
  readonly records: RecordStore;
}

const CALLER = sampleRecord(1).caller;

function usageQuery(groupBy: readonly UsageGroup[], parts: Partial<UsageQuery> = {}): UsageQuery {
  return {
    fromMs: SAMPLE_START_MS,
    toMs: SAMPLE_START_MS + 1_000_000,
    groupBy,
    timeZone: "UTC",
    limit: 100,
    cursor: "",
    tenants: undefined,
    ...parts,
  };
}

function decisionQuery(parts: Partial<DecisionQuery> = {}): DecisionQuery {
  return {
    fromMs: SAMPLE_START_MS,
    toMs: SAMPLE_START_MS + 1_000_000,
    tenant: "",
    model: "",
    target: "",
    outcome: "",
    limit: 100,
    cursor: "",
    tenants: undefined,
    ...parts,
  };
}

/** Awaited as usual: `expect().rejects` would hold up the threads that a store may still start. */
function refusalOf(answer: Promise<unknown>): Promise<unknown> {
  return answer.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** @param open gives an empty store */
export function recordStoreContract(name: string, open: () => Promise<RecordEnds>): void {
  usageContract(name, open);
  usageGroupContract(name, open);
  decisionContract(name, open);
}

function usageContract(name: string, open: () => Promise<RecordEnds>): void {
  describe(`${name} sums usage`, () => {
    test("a row has the fields of the admin API and exact sums", async () => {
      const { journal, records } = await open();
      const used = usage({
        inputTokens: 1,
        cacheReadTokens: 2,
        cacheWrite5mTokens: 3,
        cacheWrite1hTokens: 4,
        outputTokens: 50,
        reasoningTokens: 6,
        inputAudioTokens: 7,
        inputImageTokens: 8,
        outputAudioTokens: 9,
        outputImageTokens: 10,
      });
      journal.append(sampleRecord(1, { usage: used, cost: 54_399_000n }));
      journal.append(sampleRecord(2, { usage: used, cost: 1_063_761_250n }));
      expect(await records.usage(usageQuery(["tenant", "model"]))).toEqual({
        data: [
          {
            tenant: "acme",
            model: "assistant",
            requests: 2,
            errors: 0,
            input_tokens: 2,
            cache_read_tokens: 4,
            cache_write_5m_tokens: 6,
            cache_write_1h_tokens: 8,
            output_tokens: 100,
            reasoning_tokens: 12,
            input_audio_tokens: 14,
            input_image_tokens: 16,
            output_audio_tokens: 18,
            output_image_tokens: 20,
            cost_usd: "1.11816025",
            unpriced_requests: 0,
          },
        ],
        next_cursor: null,
      });
    });

    test("without groups there is one row, also when nothing was used", async () => {
      const { records } = await open();
      const { data } = await records.usage(usageQuery([]));
      expect(data).toHaveLength(1);
      expect(data[0]).toMatchObject({ requests: 0, errors: 0, input_tokens: 0, cost_usd: "0" });
    });

    test("an unknown price is counted, never summed as nothing", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1, { cost: undefined }));
      journal.append(sampleRecord(2, { cost: 7n }));
      journal.append(sampleRecord(3, { cost: 0n }));
      const { data } = await records.usage(usageQuery([]));
      expect(data[0]).toMatchObject({
        requests: 3,
        unpriced_requests: 1,
        cost_usd: "0.000000007",
      });
    });

    test("costs beyond 2^53 nano-dollars stay exact", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1, { cost: 9_007_199_254_740_993n }));
      journal.append(sampleRecord(2, { cost: 9_007_199_254_740_994n }));
      const { data } = await records.usage(usageQuery([]));
      expect(data[0]?.["cost_usd"]).toBe("18014398.509481987");
    });

    test("errors are answers of 400 and above and broken exchanges", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      journal.append(sampleRecord(2, { status: 400, outcome: "refused", code: "invalid_request" }));
      journal.append(sampleRecord(3, { status: 502, outcome: "failed" }));
      journal.append(sampleRecord(4, { status: 200, outcome: "truncated" }));
      journal.append(sampleRecord(5, { status: 200, outcome: "client_cancelled" }));
      const { data } = await records.usage(usageQuery([]));
      expect(data[0]).toMatchObject({ requests: 5, errors: 3 });
    });

    test("the range includes its start and excludes its end", async () => {
      const { journal, records } = await open();
      for (const number of [1, 2, 3]) journal.append(sampleRecord(number));
      const range = { fromMs: SAMPLE_START_MS + 1, toMs: SAMPLE_START_MS + 3 };
      expect((await records.usage(usageQuery([], range))).data[0]?.["requests"]).toBe(2);
    });

    test("an exchange that was journalled twice counts once", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      journal.append(sampleRecord(1));
      expect((await records.usage(usageQuery([]))).data[0]?.["requests"]).toBe(1);
    });

    test("a scope hides the rows of other tenants", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      journal.append(sampleRecord(2, { caller: { ...CALLER, tenant: "beta" } }));
      const seenBy = async (tenants: ReadonlySet<string>) => {
        const { data } = await records.usage(usageQuery(["tenant"], { tenants }));
        return data.map(({ tenant }) => tenant);
      };
      expect(await seenBy(new Set(["beta"]))).toEqual(["beta"]);
      expect(await seenBy(new Set(["acme", "beta"]))).toEqual(["acme", "beta"]);
      expect(await seenBy(new Set())).toEqual([]);
    });

    test("pages join to the whole list without gaps or doubles", async () => {
      const { journal, records } = await open();
      const users = ["", "a", "b", "ü", "'; drop table exchanges; --", "🙂", "￿"];
      users.forEach((user, index) => {
        journal.append(sampleRecord(index + 1, { caller: { ...CALLER, user } }));
      });
      const seen: unknown[] = [];
      let cursor = "";
      for (let page = 0; page < users.length; page += 1) {
        const answer = await records.usage(usageQuery(["user"], { limit: 2, cursor }));
        expect(answer.data.length).toBeLessThanOrEqual(2);
        seen.push(...answer.data.map(({ user }) => user));
        if (answer.next_cursor === null) break;
        cursor = answer.next_cursor;
      }
      const byBytes = (left: string, right: string) =>
        Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(seen).toEqual([...users].sort(byBytes));
    });

    test.each([
      "nonsense",
      "bnVsbA",
      Buffer.from('["usage:model:UTC","x"]').toString("base64url"),
      Buffer.from('["usage:user:UTC",1]').toString("base64url"),
    ])("the foreign cursor %p is refused", async (cursor) => {
      const { records } = await open();
      const answer = records.usage(usageQuery(["user"], { cursor }));
      expect(await refusalOf(answer)).toMatchObject({ code: "invalid_request" });
    });

    test("an unknown time zone is refused", async () => {
      const { records } = await open();
      const answer = records.usage(usageQuery(["day"], { timeZone: "Mars/Olympus" }));
      expect(await refusalOf(answer)).toMatchObject({ code: "invalid_request" });
    });
  });
}

function usageGroupContract(name: string, open: () => Promise<RecordEnds>): void {
  describe(`${name} groups usage`, () => {
    test("model is what was asked for, target and provider what served", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1, { target: "house/meta/llama-3" }));
      journal.append(sampleRecord(2, { target: "", facts: undefined, decision: undefined }));
      const { data } = await records.usage(usageQuery(["model", "target", "provider"]));
      expect(data).toMatchObject([
        { model: "", target: "", provider: "" },
        { model: "assistant", target: "house/meta/llama-3", provider: "house" },
      ]);
    });

    test("keys are told apart by id and shown by name", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1, { caller: { ...CALLER, keyId: "k2", tenant: "beta" } }));
      journal.append(sampleRecord(2));
      const { data } = await records.usage(usageQuery(["key"]));
      expect(data).toMatchObject([
        { key: "acme-chatbot", key_id: "k1", requests: 1 },
        { key: "acme-chatbot", key_id: "k2", requests: 1 },
      ]);
    });

    test("an exchange counts under each of its tags, and under none when it has none", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1, { caller: { ...CALLER, tags: ["web", "beta"] } }));
      journal.append(sampleRecord(2, { caller: { ...CALLER, tags: ["web"] } }));
      journal.append(sampleRecord(3, { caller: { ...CALLER, tags: [] } }));
      const { data } = await records.usage(usageQuery(["tag"]));
      expect(data).toMatchObject([
        { tag: "", requests: 1 },
        { tag: "beta", requests: 1 },
        { tag: "web", requests: 2 },
      ]);
    });

    test("hours and days are cut in the time zone, and a repeated hour stays two", async () => {
      const { journal, records } = await open();
      const times = ["2026-10-24T21:59:59Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
      times.forEach((time, index) => {
        journal.append(sampleRecord(index + 1, { startedAt: Date.parse(time) }));
      });
      const range = {
        timeZone: "Europe/Berlin",
        fromMs: Date.parse("2026-10-01T00:00:00Z"),
        toMs: Date.parse("2026-11-01T00:00:00Z"),
      };
      const hours = await records.usage(usageQuery(["hour"], range));
      expect(hours.data.map(({ hour }) => hour)).toEqual([
        "2026-10-24T23:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
      ]);
      const days = await records.usage(usageQuery(["day"], range));
      expect(days.data).toMatchObject([
        { day: "2026-10-24", requests: 1 },
        { day: "2026-10-25", requests: 2 },
      ]);
    });
  });
}

function decisionContract(name: string, open: () => Promise<RecordEnds>): void {
  describe(`${name} finds decisions`, () => {
    test("a decision is found by both of its ids, in the shape of the admin API", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      const decision = await records.decision(`dec_${sampleId(1)}`, undefined);
      expect(decision).toMatchObject({
        id: `dec_${sampleId(1)}`,
        request_id: `req_${sampleId(1)}`,
        at: "2026-01-01T00:00:00.001Z",
        caller: { tenant: "acme", key: "acme-chatbot" },
        facts: { message_count: 1, input_tokens: 11, metadata: { odd_Name: "kept as it is" } },
        label: "public",
        outcome: "answered",
        route: [
          {
            target: "openai/gpt-5-mini",
            score: 1,
            because: [{ code: "priority", detail: "1 of 2" }],
          },
        ],
        rejected: [{ target: "claude/claude-haiku-4-5", because: [{ code: "breaker_open" }] }],
        attempts: [
          {
            target: "openai/gpt-5-mini",
            key: "default",
            status: 200,
            outcome: "succeeded",
            started_at: "2026-01-01T00:00:00.002Z",
            first_token_ms: 118,
            duration_ms: 800.25,
            usage: { input_tokens: 10, output_tokens: 5, reasoning_tokens: 2 },
            cost_usd: "0.054399",
          },
        ],
        usage: { input_tokens: 10, output_tokens: 5, source: "provider" },
        cost_usd: "0.054399",
        expected_usd: "0.054399",
        worst_usd: "1.06376125",
        notices: ["dropped:logit_bias"],
        snapshot: "0123456789abcdef",
        draw: 0.25,
      });
      expect(JSON.parse(JSON.stringify(decision))).not.toHaveProperty("code");
      expect(await records.decision(`req_${sampleId(1)}`, undefined)).toEqual(decision);
    });

    test.each(["", "dec_", sampleId(1), `dec_${sampleId(2)}`, `key_${sampleId(1)}`])(
      "the id %p finds nothing",
      async (id) => {
        const { journal, records } = await open();
        journal.append(sampleRecord(1));
        expect(await records.decision(id, undefined)).toBeUndefined();
      },
    );

    test("a decision of another tenant does not exist", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      expect(await records.decision(`dec_${sampleId(1)}`, new Set(["beta"]))).toBeUndefined();
      expect((await records.decisions(decisionQuery({ tenants: new Set(["beta"]) }))).data).toEqual(
        [],
      );
    });

    test("a refusal before the request was read is recorded with its code", async () => {
      const { journal, records } = await open();
      const refused = { outcome: "refused", status: 400, code: "invalid_request" } as const;
      const parts = { facts: undefined, decision: undefined, attempts: [], cost: undefined };
      journal.append(sampleRecord(1, { ...refused, ...parts, target: "" }));
      expect(await records.decision(`dec_${sampleId(1)}`, undefined)).toMatchObject({
        outcome: "refused",
        code: "invalid_request",
        facts: null,
        route: [],
        cost_usd: null,
        draw: null,
      });
    });

    test("filters are exact and can be combined", async () => {
      const { journal, records } = await open();
      journal.append(sampleRecord(1));
      journal.append(sampleRecord(2, { target: "claude/claude-haiku-4-5" }));
      journal.append(sampleRecord(3, { outcome: "failed", status: 502, target: "" }));
      journal.append(sampleRecord(4, { caller: { ...CALLER, tenant: "beta" } }));
      const found = async (parts: Partial<DecisionQuery>) => {
        const { data } = await records.decisions(decisionQuery(parts));
        return data.map(({ id }) => Number(String(id).slice(-2)));
      };
      expect(await found({})).toEqual([4, 3, 2, 1]);
      expect(await found({ tenant: "beta" })).toEqual([4]);
      expect(await found({ target: "claude/claude-haiku-4-5" })).toEqual([2]);
      expect(await found({ outcome: "failed" })).toEqual([3]);
      expect(await found({ model: "assistant", tenant: "acme" })).toEqual([3, 2, 1]);
      expect(await found({ model: "other" })).toEqual([]);
      expect(await found({ fromMs: SAMPLE_START_MS + 2, toMs: SAMPLE_START_MS + 4 })).toEqual([
        3, 2,
      ]);
    });

    test("pages run from new to old, also through equal times", async () => {
      const { journal, records } = await open();
      for (const number of [1, 2, 3, 4, 5]) {
        journal.append(sampleRecord(number, { startedAt: SAMPLE_START_MS + (number > 3 ? 1 : 0) }));
      }
      const seen: number[] = [];
      let cursor = "";
      do {
        const page = await records.decisions(decisionQuery({ limit: 2, cursor }));
        seen.push(...page.data.map(({ id }) => Number(String(id).slice(-2))));
        cursor = page.next_cursor ?? "";
      } while (cursor !== "" && seen.length < 10);
      expect(seen).toEqual([5, 4, 3, 2, 1]);
    });
  });
}
