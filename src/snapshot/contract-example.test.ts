// Every name of the contract is known: what is served compiles, what is not is refused by its name.

import { describe, expect, test } from "bun:test";
import { sampleErrors, sampleReferences, sampleSnapshot } from "./sample-compile.ts";

const BASE = `providers:
  openai: { kind: openai, api_key: sk-real-openai-1 }
`;

/** [path of the key, document that uses it]: the keys of contract section 4 without an engine. */
const LATER: readonly (readonly [path: string, text: string])[] = [
  ["coordination", "coordination: memory"],
  ["coordination_loss", "coordination_loss: closed"],
  ["server.fetch_urls", "server: { fetch_urls: { hosts: [a.example] } }"],
  [
    "providers.a.clearance",
    "providers: { a: { kind: demo, clearance: { level: restricted, on_premise: true } } }",
  ],
  ["providers.a.models", "providers: { a: { kind: demo, models: {} } }"],
  ["models.m.min_quality", "models: { m: { targets: [openai/a], min_quality: { default: 0.6 } } }"],
  [
    "models.m.hedge",
    "models: { m: { targets: [openai/a], hedge: { after: p95, max_extra: 5% } } }",
  ],
  ["models.m.affinity", "models: { m: { targets: [openai/a], affinity: session } }"],
  ["models.m.weights", "models: { m: { targets: [openai/a], weights: { price: 1 } } }"],
  [
    "models.m.output_tokens_when_unset",
    "models: { m: { targets: [openai/a], output_tokens_when_unset: 4096 } }",
  ],
  ["quality", "quality: { openai/gpt-5-mini: { default: 0.74 } }"],
  ["labels", "labels: { levels: [public], default: public }"],
  ["rules", "rules: [{ name: a, when: 'true', deny: no }]"],
  ["plans.p.limits", "plans: { p: { limits: { requests_per_minute: 60 } } }"],
  ["plans.p.budget", "plans: { p: { budget: { usd: 20, per: month } } }"],
  ["plans.p.budgets", "plans: { p: { budgets: [] } }"],
  ["plans.p.per_key", "plans: { p: { per_key: { requests_per_minute: 20 } } }"],
  ["plans.p.per_user", "plans: { p: { per_user: { max_users: 10000 } } }"],
  ["tenants.t.alerts", "tenants: { t: { alerts: { at: [50%] } } }"],
  ["tenants.t.route", "tenants: { t: { route: { assistant: small } } }"],
  [
    "tenants.t.projects.p.budget",
    "tenants: { t: { projects: { p: { budget: { usd: 5, per: day } } } } }",
  ],
  ["keys[0].expires_at", "keys: [{ name: k, value: x, expires_at: 2027-01-01T00:00:00Z }]"],
  ["keys[0].budget", "keys: [{ name: k, value: x, budget: { usd: 1, per: day } }]"],
  ["keys[0].limits", "keys: [{ name: k, value: x, limits: {} }]"],
  ["tests", "tests: [{ name: t, given: {}, expect: {} }]"],
];

/** [path of the value, document that uses it]: values of contract section 4 without an engine. */
const LATER_VALUES: readonly (readonly [path: string, text: string])[] = [
  ["server.workers", "server: { workers: 0 }"],
  ["server.workers", "server: { workers: 4 }"],
  ["storage", "storage: postgres://user:hunter2@host:5432/db"],
  ...["cheapest", "fastest", "balanced", "least_busy"].map(
    (strategy) =>
      [
        "models.m.strategy",
        `models: { m: { strategy: ${strategy}, targets: [openai/a] } }`,
      ] as const,
  ),
  ["providers.a.api_key", `providers: { a: { kind: openai, api_key: "\${secret:name}" } }`],
];

describe("what has no engine yet", () => {
  test.each([...LATER, ...LATER_VALUES])("%s is refused as not available", (path, text) => {
    const errors = sampleErrors(text);
    expect(errors.map((error) => [error.code as string, error.path])).toEqual([
      ["not_available", path],
    ]);
    expect(errors[0]?.message).toContain("is not available yet");
    expect(errors[0]?.message).not.toContain("hunter2");
    expect(errors[0]?.line).toBe(1);
    expect(errors[0]?.column).toBeGreaterThan(text.startsWith(path) ? 0 : 1);
  });
});

describe("what is served", () => {
  const text = `version: 1
server:
  listen: 127.0.0.1:8080
  admin_listen: 127.0.0.1:8081
  workers: 1
  max_body_mb: 64
  max_inflight_mb: 512
  keep_alive: 15s
  drain_timeout: 30s
  trusted_proxies: []
  metrics: private
storage: sqlite:data/sluice.db
retention: { decisions: 30d, usage: 400d }
providers:
  openai:
    kind: openai
    api_key: \${env:OPENAI_API_KEY}
    optional: true
    base_url: https://api.openai.com/v1
    on_disconnect: cancel
  house:
    kind: openai-compatible
    base_url: http://127.0.0.1:11434/v1
  claude:
    kind: anthropic
    api_keys:
      - { id: a, value: "\${env:ANTHROPIC_KEY_A}" }
      - { id: b, value: "\${env:ANTHROPIC_KEY_B}", weight: 2 }
    headers: { anthropic-beta: some-flag }
models:
  assistant:
    strategy: priority
    targets:
      - openai/gpt-5-mini
      - { model: claude/claude-haiku-4-5, weight: 3 }
    attempts: 3
    connect_timeout: 5s
    first_token_timeout: 60s
    idle_timeout: 150s
    total_timeout: 15m
  small: { targets: [openai/gpt-5-nano] }
plans:
  standard:
    models: [assistant, small]
tenants:
  acme:
    plan: standard
    time_zone: Europe/Berlin
    projects:
      chatbot: {}
  beta:
    plan: standard
keys:
  - { name: acme-chatbot, tenant: acme, project: chatbot, tags: [web], value: "\${env:ACME_KEY}" }
prices:
  house/*: { input: 0, output: 0 }
  openai/gpt-5-mini: { input: 0.25, cache_read: 0.025, output: 2.00 }
unpriced_models: deny
`;
  const references = sampleReferences({
    OPENAI_API_KEY: "sk-real-openai-1",
    ANTHROPIC_KEY_A: "sk-ant-a",
    ANTHROPIC_KEY_B: "sk-ant-b",
    ACME_KEY: "acme-5f0e8a7d6c3b4a29181716",
  });
  const snapshot = sampleSnapshot(text, { references });

  test("server, storage and retention come in typed units", () => {
    expect(snapshot.server).toEqual({
      listen: { host: "127.0.0.1", port: 8080 },
      adminListen: { host: "127.0.0.1", port: 8081 },
      maxBodyBytes: 64 * 1024 * 1024,
      maxInflightBytes: 512 * 1024 * 1024,
      maxReplyBytes: 128 * 1024 * 1024,
      keepAliveMs: 15_000,
      drainTimeoutMs: 30_000,
      trustedProxies: [],
      metricsPublic: false,
    });
    expect(snapshot.storagePath).toBe("data/sluice.db");
    expect(snapshot.retention).toEqual({ decisionsMs: 30 * 86_400_000, usageMs: 400 * 86_400_000 });
  });

  test("providers hold their credentials by id and weight", () => {
    const credentials = (name: string) =>
      snapshot.providers
        .get(name)
        ?.credentials.map(({ id, value, weight }) => [id, value?.reveal(), weight]);
    expect(credentials("openai")).toEqual([["default", "sk-real-openai-1", 1]]);
    expect(credentials("claude")).toEqual([
      ["a", "sk-ant-a", 1],
      ["b", "sk-ant-b", 2],
    ]);
    expect(credentials("house")).toEqual([]);
    expect(snapshot.providers.get("claude")).toMatchObject({
      baseUrl: "https://api.anthropic.com",
      headers: { "anthropic-beta": "some-flag" },
      onDisconnect: "cancel",
    });
    expect(snapshot.providers.get("openai")?.speaks.get("embeddings")?.has("embed")).toBe(true);
  });

  test("virtual models hold targets and limits", () => {
    expect(snapshot.models.get("assistant")).toEqual({
      name: "assistant",
      strategy: "priority",
      targets: [
        { provider: "openai", model: "gpt-5-mini", weight: 1 },
        { provider: "claude", model: "claude-haiku-4-5", weight: 3 },
      ],
      limits: {
        attempts: 3,
        connectTimeoutMs: 5000,
        firstTokenTimeoutMs: 60_000,
        idleTimeoutMs: 150_000,
        totalTimeoutMs: 900_000,
      },
    });
  });

  test("callers are tied to tenants, projects and plans", () => {
    expect(snapshot.plans.get("standard")?.models).toEqual(new Set(["assistant", "small"]));
    expect([...snapshot.tenants.keys()]).toEqual(["default", "acme", "beta"]);
    expect(snapshot.tenants.get("acme")).toEqual({
      name: "acme",
      plan: "standard",
      projects: new Set(["chatbot"]),
      timeZone: "Europe/Berlin",
    });
    expect(snapshot.keys[0]).toMatchObject({
      name: "acme-chatbot",
      tenant: "acme",
      project: "chatbot",
      tags: ["web"],
    });
    expect(snapshot.keys[0]?.value.reveal()).toBe("acme-5f0e8a7d6c3b4a29181716");
  });

  test("no secret is written down with the snapshot", () => {
    expect(JSON.stringify(snapshot.keys)).not.toContain("5f0e8a7d");
    expect(Bun.inspect(snapshot, { depth: 8 })).not.toContain("sk-");
  });
});

test("a document that says nothing has the defaults of the contract", () => {
  const snapshot = sampleSnapshot(BASE);
  expect(snapshot.server).toMatchObject({
    listen: { host: "127.0.0.1", port: 8080 },
    adminListen: undefined,
    maxBodyBytes: 64 * 1024 * 1024,
    keepAliveMs: 15_000,
    drainTimeoutMs: 30_000,
    metricsPublic: false,
  });
  expect(snapshot.unpricedModels).toBe("flag");
  expect(snapshot.directLimits).toEqual({
    attempts: 3,
    connectTimeoutMs: 5000,
    firstTokenTimeoutMs: undefined,
    idleTimeoutMs: 150_000,
    totalTimeoutMs: 900_000,
  });
});
