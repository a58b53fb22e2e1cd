// From text to a frozen snapshot.

import { describe, expect, test } from "bun:test";
import { costOf } from "#core/pricing.ts";
import { usage } from "#core/usage.ts";
import { demoDocument } from "./demo-document.ts";
import {
  SAMPLE_CATALOGUE,
  sampleCompile,
  sampleErrors,
  sampleReferences,
  sampleSnapshot,
} from "./sample-compile.ts";

const NOW = Date.UTC(2026, 9, 1);
const OPENAI = `  openai: { kind: openai, api_key: "\${env:OPENAI_API_KEY}" }\n`;
const TWO = `providers:
${OPENAI}  claude: { kind: anthropic, api_key: "\${env:CLAUDE_KEY}", optional: true }
models:
  assistant: { targets: [openai/gpt-5-mini, claude/claude-haiku-4-5] }
`;

describe("optional providers", () => {
  test("without its variable a provider is left out, and its targets with it, with warnings", () => {
    const result = sampleCompile(TWO);
    if (!result.ok) throw new Error("should compile");
    expect([...result.snapshot.providers.keys()]).toEqual(["openai"]);
    expect(result.snapshot.models.get("assistant")?.targets).toEqual([
      { provider: "openai", model: "gpt-5-mini", weight: 1 },
    ]);
    expect(result.warnings.map(({ line, code, path }) => [line, code as string, path])).toEqual([
      [3, "left_out", "providers.claude"],
      [5, "left_out", "models.assistant.targets[1]"],
    ]);
    expect(result.warnings[0]?.message).toContain("`CLAUDE_KEY` is not set");
  });

  test("with its variable it is there", () => {
    const references = sampleReferences({ OPENAI_API_KEY: "sk-a-1", CLAUDE_KEY: "sk-c-1" });
    expect([...sampleSnapshot(TWO, { references }).providers.keys()]).toEqual(["openai", "claude"]);
  });

  test("a virtual model that loses all its targets is an error", () => {
    const text = TWO.replace("openai/gpt-5-mini, ", "");
    expect(sampleErrors(text)).toMatchObject([
      { code: "left_out", path: "models.assistant", line: 5 },
    ]);
  });

  test("mistakes inside a provider that is left out are still told", () => {
    const text = TWO.replace("optional: true", "optional: true, hedaers: {}");
    expect(sampleErrors(text)).toMatchObject([{ code: "unknown_key", line: 3 }]);
    expect(sampleErrors(TWO.replace("kind: anthropic", "kind: antropic"))).toMatchObject([
      { code: "unknown_name", path: "providers.claude.kind" },
    ]);
  });

  test("a provider that is not optional must have its variable", () => {
    expect(sampleErrors(TWO, { references: sampleReferences({}) })).toMatchObject([
      { code: "unset_variable", path: "providers.openai.api_key" },
    ]);
  });
});

describe("prices", () => {
  const text = `providers:
${OPENAI}  house: { kind: openai-compatible, base_url: "http://127.0.0.1:1/v1" }
prices:
  house/*: { input: 0, output: 0.000001 }
  house/big: { output: 123456789.654321 }
  openai/gpt-5-mini: { input: 0.3 }
`;
  const snapshot = sampleSnapshot(text);

  test("the document wins over the catalogue field by field, in every tier", () => {
    const rates = snapshot.rates("openai", "gpt-5-mini", NOW);
    expect(rates?.base).toMatchObject({ input: 300_000n, cacheRead: 25_000n, output: 2_000_000n });
    expect(rates?.tiers[0]?.rates).toMatchObject({ input: 300_000n, output: 3_000_000n });
    expect(rates?.version).toBe(`document:${snapshot.hash}`);
  });

  test("models that the document does not name keep the catalogue's price and its version", () => {
    expect(snapshot.rates("openai", "gpt-5", NOW)?.version).toBe("catalogue:2026-09-23");
    expect(snapshot.rates("openai", "nobody", NOW)).toBeUndefined();
  });

  test("a price for all models of a provider gives way to one for a single model", () => {
    expect(snapshot.rates("house", "any", NOW)?.base).toMatchObject({ input: 0n, output: 1n });
    expect(snapshot.rates("house", "big", NOW)?.base).toMatchObject({
      input: 0n,
      output: 123_456_789_654_321n,
    });
  });

  test("no price passes through a float", () => {
    const exact = sampleSnapshot(
      `providers:\n${OPENAI}prices: { openai/x: { input: 0.1, output: "0.2" } }`,
    );
    const rates = exact.rates("openai", "x", NOW);
    expect(rates && costOf(usage({ inputTokens: 3, outputTokens: 1 }), rates)).toBe(500n);
  });

  test.each([
    "-1",
    "1e-1",
    ".5",
    "0x10",
    "0.0000001",
    "0.25000000000000000001",
    "free",
    "true",
    "[1]",
  ])("%p is no price", (price) => {
    const errors = sampleErrors(`providers:\n${OPENAI}prices:\n  openai/x: { input: ${price} }`);
    expect(errors).toMatchObject([
      { code: "invalid_value", path: 'prices["openai/x"].input', line: 4, column: 22 },
    ]);
  });

  test("what to do without a price is flagged unless the document says otherwise", () => {
    const policy = (line: string) => sampleSnapshot(`providers:\n${OPENAI}${line}`).unpricedModels;
    expect(policy("")).toBe("flag");
    expect(policy("unpriced_models: deny")).toBe("deny");
    expect(policy("unpriced_models: allow")).toBe("allow");
  });
});

describe("names", () => {
  test("attempts default to the number of distinct targets, at least three", () => {
    const attempts = (targets: string) =>
      sampleSnapshot(`providers:\n${OPENAI}models: { m: { targets: [${targets}] } }`).models.get(
        "m",
      )?.limits.attempts;
    expect(attempts("openai/a")).toBe(3);
    expect(attempts("openai/a, openai/b, openai/c, openai/d")).toBe(4);
    expect(attempts("openai/a, openai/a, openai/a, openai/a")).toBe(3);
  });

  test("the model part of a target is verbatim, slashes included", () => {
    const snapshot = sampleSnapshot(
      `providers:\n  house: { kind: openai-compatible, base_url: "http://h.example/v1" }\nmodels: { m: { targets: [house/org/Model:8b] } }`,
    );
    expect(snapshot.models.get("m")?.targets[0]).toEqual({
      provider: "house",
      model: "org/Model:8b",
      weight: 1,
    });
  });

  test("the list holds virtual models, the catalogue's models and the targets, each once", () => {
    const snapshot = sampleSnapshot(
      `providers:\n${OPENAI}models: { small: { targets: [openai/gpt-5-mini, openai/next] }, tiny: { targets: [openai/gpt-5] } }`,
    );
    expect(snapshot.listedModels).toEqual([
      { id: "small", ownedBy: "sluice", inputTokens: 0, outputTokens: 0 },
      { id: "tiny", ownedBy: "sluice", inputTokens: 400_000, outputTokens: 128_000 },
      { id: "openai/gpt-5", ownedBy: "openai", inputTokens: 400_000, outputTokens: 128_000 },
      { id: "openai/gpt-5-mini", ownedBy: "openai", inputTokens: 400_000, outputTokens: 128_000 },
      { id: "openai/shared-model", ownedBy: "openai", inputTokens: 0, outputTokens: 0 },
      { id: "openai/next", ownedBy: "openai", inputTokens: 0, outputTokens: 0 },
    ]);
  });

  test("bare names are known by the providers whose catalogue has them", () => {
    const references = sampleReferences({ OPENAI_API_KEY: "sk-a-1", CLAUDE_KEY: "sk-c-1" });
    const snapshot = sampleSnapshot(TWO, { references });
    expect(snapshot.providersKnowing("gpt-5")).toEqual(["openai"]);
    expect(snapshot.providersKnowing("shared-model")).toEqual(["openai", "claude"]);
    expect(snapshot.providersKnowing("constructor")).toEqual([]);
  });
});

describe("the hash", () => {
  const hash = (text: string, key = "sk-a-1") =>
    sampleSnapshot(text, { references: sampleReferences({ OPENAI_API_KEY: key }) }).hash;

  test("it has sixteen hex digits and does not change by itself", () => {
    expect(hash(TWO)).toMatch(/^[0-9a-f]{16}$/);
    expect(hash(TWO)).toBe(hash(TWO));
  });

  test("comments, spacing and the order of keys do not count", () => {
    const same = `# words\nmodels: { assistant: { targets: [ openai/gpt-5-mini, claude/claude-haiku-4-5 ] } }
providers:
  claude: { optional: true, kind: anthropic, api_key: "\${env:CLAUDE_KEY}" }
${OPENAI}`;
    expect(hash(same)).toBe(hash(TWO));
  });

  test("a value, the order of targets and a rotated key do", () => {
    const reordered = TWO.replace(
      "openai/gpt-5-mini, claude/claude-haiku-4-5",
      "claude/claude-haiku-4-5, openai/gpt-5-mini",
    );
    expect(
      new Set([
        hash(TWO),
        hash(TWO, "sk-a-2"),
        hash(reordered),
        hash(`${TWO}server: { metrics: public }`),
      ]).size,
    ).toBe(4);
  });
});

describe("the frozen result", () => {
  const snapshot = sampleSnapshot(TWO);

  test("nothing of it can be changed", () => {
    const provider = snapshot.providers.get("openai");
    const models = snapshot.models as Map<string, unknown>;
    const speaks = provider?.speaks.get("openai-chat") as Set<string>;
    expect(() => Object.assign(snapshot, { demo: true })).toThrow(TypeError);
    expect(() => Object.assign(snapshot.server.listen, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(provider ?? {}, { baseUrl: "x" })).toThrow(TypeError);
    expect(() => models.set("x", {})).toThrow(TypeError);
    expect(() => models.delete("assistant")).toThrow(TypeError);
    expect(() => models.clear()).toThrow(TypeError);
    expect(() => speaks.add("steal")).toThrow(TypeError);
    expect(() => (snapshot.keys as unknown[]).push({})).toThrow(TypeError);
    const targets = snapshot.models.get("assistant")?.targets as unknown[];
    expect(() => targets.pop()).toThrow(TypeError);
    expect(snapshot.models.size).toBe(1);
  });
});

describe("literal secrets", () => {
  const text = `providers:
  a: { kind: openai, api_key: sk-literal-1 } # note
  b:
    kind: openai
    api_keys:
      - { id: x, value: 'sk-literal-2' }
      - { id: y, value: "\${env:OPENAI_API_KEY}" }
keys: []
`;

  test("the text that may be stored leaves them out and keeps the references", () => {
    const result = sampleCompile(text);
    if (!result.ok) throw new Error("should compile");
    expect(result.publicText).toBe(
      text.replace("sk-literal-1", '"[secret]"').replace("'sk-literal-2'", '"[secret]"'),
    );
    expect(result.warnings.map(({ code, line }) => [code as string, line])).toEqual([
      ["literal_secret", 2],
      ["literal_secret", 6],
    ]);
  });

  test("an anchor that holds a secret is blotted out where it stands", () => {
    const anchored =
      "providers:\n  a: { kind: openai, api_key: &k sk-literal-1 }\n  b: { kind: openai, api_key: *k }\n";
    const result = sampleCompile(anchored);
    if (!result.ok) throw new Error("should compile");
    expect(result.publicText).not.toContain("sk-literal-1");
    expect(result.snapshot.providers.get("b")?.credentials[0]?.value?.reveal()).toBe(
      "sk-literal-1",
    );
  });

  test("a document without literal secrets is stored as it is", () => {
    const result = sampleCompile(TWO);
    expect(result.ok && result.publicText).toBe(TWO);
  });
});

describe("the demo document", () => {
  const result = sampleCompile(demoDocument(), { origin: { kind: "demo" } });

  test("compiles without a word of warning and says that it is the demo", () => {
    expect(result).toMatchObject({ ok: true, warnings: [] });
    expect(result.ok && result.snapshot.demo).toBe(true);
    expect(result.ok && result.snapshot.models.get("assistant")?.targets).toEqual([
      { provider: "demo", model: "flaky", weight: 1 },
      { provider: "demo", model: "echo", weight: 1 },
    ]);
  });

  test("a file that configures the demo provider is not the demo", () => {
    expect(sampleSnapshot(demoDocument()).demo).toBe(false);
  });
});

test("the version and the path of the data come from outside where the document is silent", () => {
  const snapshot = sampleSnapshot(TWO, {
    version: 7,
    defaultStoragePath: "/var/lib/sluice/sluice.db",
  });
  expect(snapshot.version).toBe(7);
  expect(snapshot.storagePath).toBe("/var/lib/sluice/sluice.db");
  expect(
    sampleSnapshot(`${TWO}storage: sqlite:x.db`, { defaultStoragePath: "/y" }).storagePath,
  ).toBe("x.db");
});

test("what changes only at the next start is warned of", () => {
  const startedWith = sampleSnapshot(TWO);
  const result = sampleCompile(
    `${TWO}server:\n  listen: 127.0.0.1:9999\nstorage: sqlite:other.db\n`,
    { startedWith },
  );
  expect(result.warnings.filter(({ code }) => code === "restart_needed")).toMatchObject([
    { path: "server.listen", line: 7, column: 11 },
    { path: "storage", line: 8 },
  ]);
  expect(
    sampleCompile(TWO, { startedWith }).warnings.some(({ code }) => code === "restart_needed"),
  ).toBe(false);
});

test("compiling asks the catalogue, never the network", () => {
  const asked: string[] = [];
  const catalogue = {
    ...SAMPLE_CATALOGUE,
    knows: (kind: string, model: string) => asked.push(`${kind}/${model}`) > 0,
  };
  sampleSnapshot(`providers:\n${OPENAI}models: { m: { targets: [openai/new] } }`, { catalogue });
  expect(asked).toEqual(["openai/new"]);
});
