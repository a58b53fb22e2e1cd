// A disk that refuses records: no call is answered without a record, and none goes to an upstream that
// would have to be paid for an answer that nobody gets.

import { expect, test } from "bun:test";
import { COMPILE_SETTINGS } from "#app/compile-settings.ts";
import type { GatewayEvent } from "#core/events.ts";
import type { Transport } from "#core/ports/transport.ts";
import type { ExchangeRecord } from "#core/record.ts";
import { Gateway } from "#gateway/handle.ts";
import { cryptoRandom } from "#platform/crypto-random.ts";
import { systemClock } from "#platform/system-clock.ts";
import { createDemoTransport } from "#providers/demo/transport.ts";
import { compileDocument } from "#snapshot/compile.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";

const DOCUMENT = `
version: 1
providers: { demo: { kind: demo } }
models: { assistant: { targets: [demo/echo] } }
`;
const CALLER = {
  tenant: "default",
  project: "",
  keyId: "one",
  keyName: "one",
  plan: "",
  tags: [],
  allowedModels: undefined,
};

function snapshot(): Snapshot {
  const result = compileDocument(DOCUMENT, {
    ...COMPILE_SETTINGS,
    defaultStoragePath: "data/sluice.db",
    origin: { kind: "file", path: "sluice.yaml" },
    nowMs: 0,
    version: 1,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.snapshot;
}

class Bench {
  isDiskFull = false;
  nowMs = 0;
  sent = 0;
  readonly records: ExchangeRecord[] = [];
  readonly events: GatewayEvent[] = [];
  readonly #gateway: Gateway;

  constructor() {
    const inForce = snapshot();
    const demo = createDemoTransport({ clock: systemClock, wordDelayMs: 0 });
    const counted: Transport = {
      ...demo,
      send: (...words) => {
        this.sent += 1;
        return demo.send(...words);
      },
    };
    this.#gateway = new Gateway({
      snapshots: { current: () => inForce },
      directory: {
        identify: () => ({ kind: "caller", caller: CALLER }),
        onRevoked: () => undefined,
      },
      transports: { http: counted, demo: counted },
      journal: {
        append: (record) => {
          if (this.isDiskFull) throw new Error("ENOSPC: no space left on device, write");
          this.records.push(record);
        },
        check: () => {
          if (this.isDiskFull) throw new Error("ENOSPC: no space left on device, write");
        },
      },
      files: { read: () => Promise.reject(new Error("No provider of these tests reads a file.")) },
      checker: {
        inspect: () => Promise.reject(new Error("No schema of these tests is looked at.")),
        check: () => Promise.reject(new Error("No answer of these tests is checked.")),
      },
      workbench: {
        open: () => Promise.reject(new Error("No body of these tests is large.")),
      } as never,
      clock: { ...systemClock, monotonic: () => this.nowMs },
      random: cryptoRandom,
      emit: (event) => this.events.push(event),
    });
  }

  async ask(): Promise<Response> {
    const request = new Request("http://127.0.0.1/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "any key of the directory" },
      body: JSON.stringify({ model: "assistant", messages: [{ role: "user", content: "Hi." }] }),
    });
    return await this.#gateway.handle({
      request,
      path: "/v1/chat/completions",
      query: "",
      peerAddress: "127.0.0.1",
      limitSilence: () => undefined,
    });
  }

  get isServing(): boolean {
    return this.#gateway.isServing;
  }

  faults(): number {
    return this.events.filter(({ type }) => type === "fault-caught").length;
  }
}

test("one call finds the full disk, and those after it are refused before they cost anything", async () => {
  const bench = new Bench();
  expect((await bench.ask()).status).toBe(200);
  bench.isDiskFull = true;
  for (let count = 0; count < 4; count += 1) {
    const refused = await bench.ask();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("x-sluice-error")).toBe("overloaded");
    expect(refused.headers.get("retry-after")).toBe("5");
  }
  expect(bench.sent).toBe(2);
  // The log says it once, not once a call.
  expect(bench.faults()).toBe(1);
});

test("the first refusal that can be recorded again opens the way", async () => {
  const bench = new Bench();
  bench.isDiskFull = true;
  await bench.ask();
  bench.isDiskFull = false;
  expect((await bench.ask()).status).toBe(503);
  expect(bench.records.map(({ outcome, code }) => [outcome, code])).toEqual([
    ["refused", "overloaded"],
  ]);
  expect((await bench.ask()).status).toBe(200);
  expect(bench.records).toHaveLength(2);
  bench.isDiskFull = true;
  await bench.ask();
  expect(bench.faults()).toBe(2);
});

test("readiness follows the disk, also while no call comes to find out", async () => {
  const bench = new Bench();
  expect(bench.isServing).toBe(true);
  bench.isDiskFull = true;
  bench.nowMs += 1_000;
  expect(bench.isServing).toBe(false);
  const refused = await bench.ask();
  expect(refused.status).toBe(503);
  expect(bench.sent).toBe(0);
  bench.isDiskFull = false;
  // Whoever asks the probe all the time does not make the disk work all the time.
  expect(bench.isServing).toBe(false);
  bench.nowMs += 1_000;
  expect(bench.isServing).toBe(true);
  expect((await bench.ask()).status).toBe(200);
  expect(bench.faults()).toBe(1);
});
