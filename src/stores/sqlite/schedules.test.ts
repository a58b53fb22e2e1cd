// Imports and sweeps happen when there is reason to, and go on after a failure.

import { beforeEach, describe, expect, test } from "bun:test";
import type { GatewayEvent } from "#core/events.ts";
import { type FakeClock, fakeClock } from "#support/fake-clock.ts";
import { ImportSchedule } from "./import-schedule.ts";
import type { ImportReport } from "./importer.ts";
import type { RetentionCuts } from "./retention.ts";
import { RetentionSchedule } from "./retention-schedule.ts";

const NOTHING: ImportReport = { imported: 0, repeated: 0, torn: [], damaged: [] };
const DAY_MS = 86_400_000;

let clock: FakeClock;
let events: GatewayEvent[];

beforeEach(() => {
  clock = fakeClock();
  events = [];
});

function emit(event: GatewayEvent): void {
  events.push(event);
}

describe("the import schedule", () => {
  let runs = 0;
  let outcome: () => Promise<ImportReport>;

  beforeEach(() => {
    runs = 0;
    outcome = async () => NOTHING;
  });

  function schedule(): ImportSchedule {
    const runImport = () => {
      runs += 1;
      return outcome();
    };
    return new ImportSchedule({ clock, emit, runImport });
  }

  test("does nothing while nothing is appended", async () => {
    schedule();
    await clock.advanceAsync(60_000);
    expect([runs, clock.pending]).toEqual([0, 0]);
  });

  test("imports once for many appends, within 200 ms", async () => {
    const imports = schedule();
    for (let count = 0; count < 100; count += 1) imports.appended();
    await clock.advanceAsync(199);
    expect(runs).toBe(0);
    await clock.advanceAsync(1);
    expect(runs).toBe(1);
    await clock.advanceAsync(60_000);
    expect(runs).toBe(1);
  });

  test("imports again what was appended during an import", async () => {
    const imports = schedule();
    outcome = async () => {
      if (runs === 1) imports.appended();
      return NOTHING;
    };
    imports.appended();
    await clock.advanceAsync(1_000);
    expect(runs).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test("reports a failure and tries again after a second, until it works", async () => {
    const imports = schedule();
    outcome = async () => {
      if (runs < 3) throw new Error("disk full");
      return NOTHING;
    };
    imports.appended();
    await clock.advanceAsync(200);
    expect(events).toMatchObject([{ type: "fault-caught", where: "journal import" }]);
    await clock.advanceAsync(10_000);
    expect(runs).toBe(3);
    expect(events).toHaveLength(2);
  });

  test("reports torn and damaged lines, also those that a query's import finds", async () => {
    const imports = schedule();
    outcome = async () => ({
      ...NOTHING,
      torn: [{ segment: "000001.log", count: 12 }],
      damaged: [{ segment: "000002.log", count: 3 }],
    });
    await imports.drain();
    const texts = events.map((event) => (event.type === "fault-caught" ? `${event.error}` : ""));
    expect(texts[0]).toInclude("000001.log ends in 12 bytes");
    expect(texts[1]).toInclude("3 lines of 000002.log are damaged");
  });
});

describe("the retention schedule", () => {
  let cuts: RetentionCuts[] = [];
  let batches = 0;

  beforeEach(() => {
    cuts = [];
    batches = 0;
  });

  function schedule(): RetentionSchedule {
    return new RetentionSchedule({
      clock,
      emit,
      sweepBatch: async (given) => {
        cuts.push(given);
        batches -= 1;
        if (batches === -100) throw new Error("database is locked");
        return batches > 0;
      },
    });
  }

  test("does nothing before it has settings", async () => {
    schedule();
    await clock.advanceAsync(10 * DAY_MS);
    expect(cuts).toEqual([]);
  });

  test("sweeps batch by batch until nothing is left, then every hour", async () => {
    batches = 3;
    const nowMs = clock.now();
    schedule().set({ decisionsMs: 30 * DAY_MS, usageMs: 400 * DAY_MS });
    await clock.advanceAsync(1_000);
    expect(cuts).toHaveLength(3);
    expect(cuts[0]).toEqual({
      decisionsBeforeMs: nowMs + 100 - 30 * DAY_MS,
      usageBeforeMs: nowMs + 100 - 400 * DAY_MS,
    });
    await clock.advanceAsync(2 * 3_600_000);
    expect(cuts).toHaveLength(5);
  });

  test("uses new settings soon and leaves no second timer behind", async () => {
    const retention = schedule();
    retention.set({ decisionsMs: DAY_MS, usageMs: DAY_MS });
    retention.set({ decisionsMs: 2 * DAY_MS, usageMs: DAY_MS });
    expect(clock.pending).toBe(1);
    await clock.advanceAsync(100);
    expect(cuts[0]?.decisionsBeforeMs).toBe(clock.now() - 2 * DAY_MS);
    retention.stop();
    expect(clock.pending).toBe(0);
  });

  test("reports a failure and tries again an hour later", async () => {
    batches = -99;
    schedule().set({ decisionsMs: DAY_MS, usageMs: DAY_MS });
    await clock.advanceAsync(200);
    expect(events).toMatchObject([{ type: "fault-caught", where: "retention" }]);
    await clock.advanceAsync(3_600_000);
    expect(cuts).toHaveLength(2);
  });
});
