import { describe, expect, test } from "bun:test";
import type { Caller } from "#core/caller.ts";
import { GatewayError } from "#core/errors.ts";
import type { CallFacts, Operation } from "#core/facts.ts";
import type { Rates } from "#core/pricing.ts";
import { targetName } from "#core/target.ts";
import { UNLABELLED } from "../dataflow/permits.ts";
import { type DecisionInput, decide, type TargetHealth } from "./decide.ts";
import type { RoutableModel, RoutableProvider, RoutingView } from "./routing-view.ts";

const LIMITS = {
  attempts: 3,
  connectTimeoutMs: 5_000,
  firstTokenTimeoutMs: undefined,
  idleTimeoutMs: 150_000,
  totalTimeoutMs: 900_000,
};
const CALLER: Caller = {
  tenant: "default",
  project: "",
  keyId: "key",
  keyName: "key",
  plan: "",
  tags: [],
  allowedModels: undefined,
};
const FACTS: CallFacts = {
  operation: "generate",
  dialect: "chat",
  model: "assistant",
  stream: false,
  wantsUsage: false,
  textLength: 40,
  maxOutputTokens: 100,
  choices: 1,
  messageCount: 1,
  toolCount: 0,
  imageCount: 0,
  audioCount: 0,
  fileCount: 0,
  hasSchema: false,
  reasoning: false,
  user: "",
  metadata: {},
};
const HEALTHY: TargetHealth = { breaker: "closed", quarantinedUntilMs: 0, dueAtMs: 0 };
const RATES: Rates = {
  base: {
    input: 1_000_000n,
    cacheRead: undefined,
    cacheReadAudio: undefined,
    cacheReadImage: undefined,
    cacheWrite5m: undefined,
    cacheWrite1h: 2_000_000n,
    output: 4_000_000n,
    inputAudio: undefined,
    outputAudio: undefined,
    inputImage: undefined,
    outputImage: undefined,
  },
  tiers: [],
  serverTools: {},
  version: "test",
};

function provider(name: string, credentials = [{ id: "default", weight: 1 }]) {
  const operations = new Set(["generate", "embed"] as const);
  return [name, { name, credentials, speaks: new Map([["chat", operations]]) }] as const;
}

function view(overrides: Partial<RoutingView> = {}, models: RoutableModel[] = []): RoutingView {
  const assistant: RoutableModel = {
    name: "assistant",
    strategy: "priority",
    targets: [
      { provider: "one", model: "a", weight: 1 },
      { provider: "two", model: "b", weight: 1 },
    ],
    limits: LIMITS,
  };
  return {
    hash: "0123456789abcdef",
    capabilities: () => ({}),
    models: new Map([assistant, ...models].map((model) => [model.name, model])),
    providers: new Map([provider("one"), provider("two")]),
    directLimits: LIMITS,
    listedModels: [
      { id: "assistant", ownedBy: "sluice", inputTokens: 0, outputTokens: 0 },
      { id: "one/a", ownedBy: "one", inputTokens: 0, outputTokens: 0 },
    ],
    unpricedModels: "flag",
    rates: () => RATES,
    providersKnowing: () => [],
    ...overrides,
  };
}

function input(overrides: Partial<DecisionInput> = {}): DecisionInput {
  return {
    facts: FACTS,
    sensed: { inputTokens: 20 },
    caller: CALLER,
    label: UNLABELLED,
    live: () => HEALTHY,
    view: view(),
    draw: 0.5,
    nowMs: 1_000,
    ...overrides,
  };
}

function names(decision: ReturnType<typeof decide>): string[] {
  return decision.route.map(({ target }) => targetName(target));
}

function refusal(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error("There was no refusal.");
}

describe("a decision", () => {
  test("keeps the document's order for priority and says so", () => {
    const decision = decide(input());
    expect(names(decision)).toEqual(["one/a", "two/b"]);
    expect(decision.route[1]?.because).toEqual([{ code: "priority", detail: "place 2" }]);
    expect(decision.snapshot).toBe("0123456789abcdef");
  });

  test("draws by weight: shares follow the weights and the same draw gives the same route", () => {
    const weighted: RoutableModel = {
      name: "assistant",
      strategy: "weighted",
      targets: [
        { provider: "one", model: "a", weight: 3 },
        { provider: "two", model: "b", weight: 1 },
      ],
      limits: LIMITS,
    };
    let first = 0;
    for (let step = 0; step < 1_000; step += 1) {
      const given = input({ view: view({}, [weighted]), draw: step / 1_000 });
      const route = names(decide(given));
      expect(names(decide(given))).toEqual(route);
      expect(route.toSorted()).toEqual(["one/a", "two/b"]);
      if (route[0] === "one/a") first += 1;
    }
    expect(first).toBe(750);
  });

  test("leaves a target with an open breaker out while there is another", () => {
    const live = (target: { provider: string }): TargetHealth =>
      target.provider === "one" ? { ...HEALTHY, breaker: "open", dueAtMs: 9_000 } : HEALTHY;
    const decision = decide(input({ live }));
    expect(names(decision)).toEqual(["two/b"]);
    expect(decision.rejected[0]?.because[0]?.code).toBe("breaker_open");
  });

  test("leaves a target out that cannot see images, and names the feature", () => {
    const capabilities = (name: string) =>
      name === "one" ? { features: { images: "none" as const } } : {};
    const given = { facts: { ...FACTS, imageCount: 1 }, view: view({ capabilities }) };
    const decision = decide(input(given));
    expect(names(decision)).toEqual(["two/b"]);
    expect(decision.rejected[0]?.because).toEqual([
      { code: "feature_unsupported", detail: "images" },
    ]);
    expect(names(decide(input({ view: view({ capabilities }) })))).toEqual(["one/a", "two/b"]);
  });

  test("refuses when no target can serve a feature", () => {
    const capabilities = () => ({ features: { images: "none" as const } });
    const given = { facts: { ...FACTS, imageCount: 1 }, view: view({ capabilities }) };
    const error = refusal(() => decide(input(given)));
    expect(error.code).toBe("unsupported_feature");
    expect(error.message).toContain("images");
  });

  test("says in words what no target does", () => {
    const facts = { ...FACTS, operation: "rerank" as const };
    const error = refusal(() => decide(input({ facts })));
    expect(error.code).toBe("unsupported_feature");
    expect(error.message).toEndWith(" ranks documents. Ask for another model.");
  });

  test("sends a long request where there is room, and refuses none for an estimate", () => {
    const room = (tokens: Readonly<Record<string, number>>) => (name: string) => ({
      limits: { contextTokens: tokens[name] ?? 0 },
    });
    const sensed = { inputTokens: 9_000 };
    const some = view({ capabilities: room({ one: 8_000, two: 32_000 }) });
    const decision = decide(input({ sensed, view: some }));
    expect(names(decision)).toEqual(["two/b"]);
    expect(decision.rejected[0]?.because[0]?.code).toBe("context_too_long");
    const none = view({ capabilities: room({ one: 8_000, two: 4_000 }) });
    expect(names(decide(input({ sensed, view: none })))).toEqual(["one/a", "two/b"]);
  });

  test("tries the target that is due first when all breakers are open", () => {
    const live = (target: { provider: string }): TargetHealth => ({
      ...HEALTHY,
      breaker: "open",
      dueAtMs: target.provider === "one" ? 9_000 : 5_000,
    });
    const decision = decide(input({ live }));
    expect(names(decision)).toEqual(["two/b"]);
    expect(decision.route[0]?.because.at(-1)?.code).toBe("last_resort");
  });

  test("refuses with the waiting time when every credential is set aside", () => {
    const live = (): TargetHealth => ({ ...HEALTHY, quarantinedUntilMs: 8_000 });
    const error = refusal(() => decide(input({ live })));
    expect(error.code).toBe("upstream_rate_limited");
    expect(error.extras.retryAfterSeconds).toBe(7);
  });

  test("spreads over the credentials of a provider and skips the one in quarantine", () => {
    const keys = [
      { id: "a", weight: 1 },
      { id: "b", weight: 1 },
    ];
    const providers = new Map([provider("one", keys)]);
    const facts = { ...FACTS, model: "one/a" };
    const live = (target: { key: string }): TargetHealth =>
      target.key === "a" ? { ...HEALTHY, quarantinedUntilMs: 8_000 } : HEALTHY;
    const both = decide(input({ facts, view: view({ providers }) }));
    expect(both.route.map(({ target }) => target.key).toSorted()).toEqual(["a", "b"]);
    const one = decide(input({ facts, live, view: view({ providers }) }));
    expect(one.route.map(({ target }) => target.key)).toEqual(["b"]);
  });

  describe("of an embedding call", () => {
    const facts = { ...FACTS, operation: "embed" as const };
    const target = (name: string, model: string, weight = 1) => ({ provider: name, model, weight });
    const spread = (...targets: RoutableModel["targets"]): RoutableModel => ({
      name: "assistant",
      strategy: "weighted",
      targets,
      limits: LIMITS,
    });

    test("never sends it to another model, and says why", () => {
      const decision = decide(input({ facts }));
      expect(names(decision)).toEqual(["one/a"]);
      expect(decision.rejected.map((entry) => [targetName(entry.target), entry.because])).toEqual([
        ["two/b", [{ code: "other_vector_space", detail: "a" }]],
      ]);
    });

    test("stays with the first target's model whatever is drawn, wherever that model is", () => {
      const models = [spread(target("one", "a"), target("two", "b", 1_000), target("two", "a"))];
      for (let step = 0; step < 20; step += 1) {
        const decision = decide(input({ facts, view: view({}, models), draw: step / 20 }));
        expect(names(decision).toSorted()).toEqual(["one/a", "two/a"]);
      }
    });

    test("asks a model that is in trouble rather than another", () => {
      const live = (asked: { model: string }): TargetHealth =>
        asked.model === "a" ? { ...HEALTHY, breaker: "open", dueAtMs: 9_000 } : HEALTHY;
      const decision = decide(input({ facts, live }));
      expect(names(decision)).toEqual(["one/a"]);
      expect(decision.route[0]?.because.map(({ code }) => code)).toContain("last_resort");
    });

    test("refuses it when the model may not be asked, though another might", () => {
      const rates = (_provider: string, model: string) => (model === "a" ? undefined : RATES);
      const priced = view({ rates, unpricedModels: "deny" });
      expect(refusal(() => decide(input({ facts, view: priced }))).code).toBe("unpriced_model");
    });

    test("takes the model behind a deployment's name for the model that it is", () => {
      const [name, two] = provider("two");
      const deployments = new Map([["house-vectors", "a"]]);
      const providers = new Map<string, RoutableProvider>([
        provider("one"),
        [name, { ...two, deployments }],
      ]);
      const models = [spread(target("one", "a"), target("two", "house-vectors"))];
      const decision = decide(input({ facts, view: view({ providers }, models) }));
      expect(names(decision).toSorted()).toEqual(["one/a", "two/house-vectors"]);
    });

    test("passes over what makes no vectors", () => {
      const chat = new Map([["chat", new Set<Operation>(["generate"])]]);
      const providers = new Map<string, RoutableProvider>([
        ["one", { name: "one", credentials: [], speaks: chat }],
        provider("two"),
      ]);
      const decision = decide(input({ facts, view: view({ providers }) }));
      expect(names(decision)).toEqual(["two/b"]);
      expect(decision.rejected[0]?.because.map(({ code }) => code)).toContain(
        "dialect_unsupported",
      );
    });
  });

  test("may send a reranking to any model", () => {
    const speaks = new Map([["ranks", new Set(["rerank"] as const)]]);
    const ranker = (name: string) => [name, { name, credentials: [], speaks }] as const;
    const providers = new Map([ranker("one"), ranker("two")]);
    const facts = { ...FACTS, operation: "rerank" as const };
    expect(names(decide(input({ facts, view: view({ providers }) })))).toEqual(["one/a", "two/b"]);
  });

  test("bounds the cost by input at its dearest class and the whole output cap", () => {
    // 20 input tokens as one-hour cache writes and 100 output tokens: 40 + 400 micro-dollars.
    expect(decide(input()).worst).toBe(440_000n);
    expect(decide(input({ facts: { ...FACTS, maxOutputTokens: 0 } })).worst).toBeUndefined();
  });

  test("refuses models without a price only where the document says deny", () => {
    const unpriced = { rates: () => undefined };
    expect(names(decide(input({ view: view(unpriced) })))).toHaveLength(2);
    const error = refusal(() =>
      decide(input({ view: view({ ...unpriced, unpricedModels: "deny" }) })),
    );
    expect(error.code).toBe("unpriced_model");
    expect(error.status).toBe(403);
  });
});

describe("a model name", () => {
  test("is a virtual model first, then provider/model with everything after the first slash", () => {
    const facts = { ...FACTS, model: "one/vendor/model:8b" };
    const decision = decide(input({ facts }));
    expect(decision.virtualModel).toBe("");
    expect(decision.route[0]?.target).toEqual({
      provider: "one",
      model: "vendor/model:8b",
      key: "default",
      region: "",
    });
  });

  test("may be bare when exactly one provider's catalogue knows it", () => {
    const facts = { ...FACTS, model: "a" };
    const one = decide(input({ facts, view: view({ providersKnowing: () => ["two"] }) }));
    expect(names(one)).toEqual(["two/a"]);
    const error = refusal(() =>
      decide(input({ facts, view: view({ providersKnowing: () => ["one", "two"] }) })),
    );
    expect(error.code).toBe("ambiguous_model");
    expect(error.message).toContain("one/a, two/a");
  });

  test("that is ambiguous names no provider that the caller may not ask for", () => {
    const facts = { ...FACTS, model: "a" };
    const both = view({ providersKnowing: () => ["one", "two"] });
    const refused = (...allowed: string[]) =>
      refusal(() =>
        decide(
          input({ facts, view: both, caller: { ...CALLER, allowedModels: new Set(allowed) } }),
        ),
      );
    expect(refused("two/a").message).toContain("Write one of: two/a.");
    expect(refused("a").message).toContain("Write provider/model.");
    for (const error of [refused(), refused("assistant")]) {
      expect(error.code).toBe("model_not_allowed");
      expect(error.message).not.toMatch(/(?:one|two)\/a/);
    }
  });

  test("that is half a surrogate pair is refused as what it is", () => {
    for (const model of ["\ud800", "one/a\udc00", "assistant\ud83d"]) {
      const error = refusal(() => decide(input({ facts: { ...FACTS, model } })));
      expect(error).toMatchObject({ code: "invalid_request", extras: { param: "model" } });
    }
  });

  test("that is unknown names the nearest of the caller's own models only", () => {
    const facts = { ...FACTS, model: "asistant" };
    const error = refusal(() => decide(input({ facts })));
    expect(error.code).toBe("unknown_model");
    expect(error.message).toContain("assistant");
    const caller = { ...CALLER, allowedModels: new Set(["one/a"]) };
    expect(refusal(() => decide(input({ facts, caller }))).message).not.toContain("assistant");
  });

  test("outside the allow-list is refused, and an empty list allows nothing", () => {
    const caller = { ...CALLER, allowedModels: new Set<string>() };
    expect(refusal(() => decide(input({ caller }))).code).toBe("model_not_allowed");
    const allowed = { ...CALLER, allowedModels: new Set(["assistant"]) };
    expect(names(decide(input({ caller: allowed })))).toHaveLength(2);
    const direct = { ...FACTS, model: "one/a" };
    expect(refusal(() => decide(input({ caller: allowed, facts: direct }))).code).toBe(
      "model_not_allowed",
    );
  });
});
