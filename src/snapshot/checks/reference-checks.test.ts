// Names that refer to nothing, and settings that contradict each other.

import { describe, expect, test } from "bun:test";
import { sampleCompile, sampleErrors } from "../sample-compile.ts";

const PROVIDER = `providers:
  openai: { kind: openai, api_key: "\${env:OPENAI_API_KEY}" }
`;
const GOOD_KEY = "acme-5f0e8a7d6c3b4a29181716";

/** `code path | hint` of each error. */
function found(rest: string): string[] {
  return sampleErrors(PROVIDER + rest).map(({ code, path, hint }) => `${code} ${path} | ${hint}`);
}

function warned(rest: string): string[] {
  const result = sampleCompile(PROVIDER + rest);
  expect(result.ok).toBe(true);
  return result.warnings.map(({ code, path, hint }) => `${code} ${path} | ${hint}`);
}

describe("virtual models", () => {
  test("a target of an unknown provider is shown with the nearest one", () => {
    const errors = sampleErrors(
      `${PROVIDER}models:\n  m:\n    targets:\n      - { weight: 2, model: opneai/gpt-5 }`,
    );
    expect(errors).toMatchObject([
      {
        code: "unknown_name",
        path: "models.m.targets[0].model",
        line: 6,
        column: 29,
        hint: "Did you mean `openai/gpt-5`?",
      },
    ]);
  });

  test("a virtual model must not hide a provider's model", () => {
    expect(found("models: { openai/gpt-5: { targets: [openai/gpt-5-mini] } }")).toEqual([
      'conflict models["openai/gpt-5"] | Choose a name whose first part is no provider.',
    ]);
    expect(found("models: { team/gpt-5: { targets: [openai/gpt-5-mini] } }")).toEqual([]);
  });

  test("a name of the language's own is no provider", () => {
    expect(found("models: { m: { targets: [constructor/x] } }")[0]).toStartWith("unknown_name");
    expect(found("models: { m: { targets: [toString/x] } }")[0]).toStartWith("unknown_name");
  });

  test("a weight under priority is warned of", () => {
    expect(warned("models: { m: { targets: [{ model: openai/gpt-5, weight: 3 }] } }")).toEqual([
      "no_effect models.m.targets[0].weight | Write `strategy: weighted` to draw by weight.",
    ]);
  });

  test("a model that the catalogue does not know is warned of with the nearest name", () => {
    expect(warned("models: { m: { targets: [openai/gpt-5-mnii] } }")).toEqual([
      "unknown_model models.m.targets[0] | Did you mean `openai/gpt-5-mini`? Add it under `prices` if it is right.",
    ]);
    expect(
      warned(
        "models: { m: { targets: [openai/gpt-9-new] } }\nprices: { openai/gpt-9-new: { input: 1, output: 1 } }",
      ),
    ).toEqual([]);
  });

  test("a known model without a price is warned of, unless that is allowed", () => {
    const model = "models: { m: { targets: [openai/shared-model] } }";
    expect(warned(model)).toEqual([
      "unpriced models.m.targets[0] | Add `openai/shared-model` or `openai/*` under `prices`.",
    ]);
    expect(warned(`${model}\nunpriced_models: allow`)).toEqual([]);
  });
});

describe("callers", () => {
  test.each([
    [
      "tenants: { t: { plan: standrd } }\nplans: { standard: {} }",
      "unknown_name tenants.t.plan | Did you mean `standard`?",
    ],
    [
      `keys: [{ name: k, tenant: acem, value: ${GOOD_KEY} }]\ntenants: { acme: {} }`,
      "unknown_name keys[0].tenant | Did you mean `acme`?",
    ],
    [
      `keys: [{ name: k, tenant: acme, project: chatbt, value: ${GOOD_KEY} }]\ntenants: { acme: { projects: { chatbot: {} } } }`,
      "unknown_name keys[0].project | Did you mean `chatbot`?",
    ],
    [`keys: [{ name: k, plan: gold, value: ${GOOD_KEY} }]`, "unknown_name keys[0].plan | "],
    [`keys: [{ name: k, project: p, value: ${GOOD_KEY} }]`, "unknown_name keys[0].project | "],
    [
      "tenants: { t: { time_zone: Europe/Berln } }",
      "unknown_name tenants.t.time_zone | Did you mean `Europe/Berlin`?",
    ],
    ["tenants: { t: { time_zone: '+02:00' } }", "unknown_name tenants.t.time_zone | "],
    [
      `keys: [{ name: k, value: ${GOOD_KEY} }, { name: k, value: other-${GOOD_KEY} }]`,
      "duplicate keys[1].name | ",
    ],
    [
      `keys: [{ name: a, value: ${GOOD_KEY} }, { name: b, value: ${GOOD_KEY} }]`,
      "duplicate keys[1].value | ",
    ],
  ])("%s", (text, expected) => {
    const errors = found(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toStartWith(expected);
  });

  test("the tenant `default` exists without being written", () => {
    expect(
      found(
        `keys: [{ name: k, value: ${GOOD_KEY} }, { name: l, tenant: default, value: x${GOOD_KEY} }]`,
      ),
    ).toEqual([]);
  });

  test("a name on an allow-list that nobody can ask for is warned of", () => {
    const models = "models: { assistant: { targets: [openai/gpt-5] } }\n";
    expect(
      warned(
        `${models}plans: { p: { models: [assistant, openai/any, gpt-5, assistent, openai/*] } }`,
      ),
    ).toEqual([
      "unknown_model plans.p.models[3] | Did you mean `assistant`?",
      "unknown_model plans.p.models[4] | Names count exactly as written; there are no wildcards.",
    ]);
  });
});

describe("values of keys", () => {
  const value = (text: string, isSluiceKey?: (key: string) => boolean) =>
    sampleErrors(
      `${PROVIDER}keys: [{ name: k, value: "${text}" }]`,
      isSluiceKey === undefined ? {} : { isSluiceKey },
    );

  test.each([
    ["short", "5 characters"],
    ["x".repeat(23), "23 characters"],
    ["has a space in its very middle", "spaces"],
    ["changeme-changeme-changeme", "placeholder"],
    ["your-api-key-your-api-key", "placeholder"],
    ["sk-sluice-abcdefghijklmnopqrstuvwxyz", "checksum"],
  ])("%s is refused", (text, words) => {
    const [error] = value(text);
    expect(error).toMatchObject({ code: "weak_secret", path: "keys[0].value" });
    expect(error?.message).toContain(words);
    expect(error?.message).not.toContain(text);
  });

  test("a key in Sluice's own form may stand there when its checksum is good", () => {
    expect(value("sk-sluice-abcdefghijklmnopqrstuvwxyz", () => true)).toEqual([]);
  });

  test("any other string of at least 24 characters is fine; a monotonous one is warned of", () => {
    expect(value("x".repeat(24))).toEqual([]);
    const result = sampleCompile(`${PROVIDER}keys: [{ name: k, value: "${"x".repeat(24)}" }]`);
    expect(result.warnings.map(({ code }) => code as string)).toContain("weak_secret");
  });

  test("documents sent by API hold no keys of callers", () => {
    const errors = sampleErrors(`keys: [{ name: k, value: ${GOOD_KEY} }]`, {
      origin: { kind: "api" },
    });
    expect(errors).toMatchObject([{ code: "literal_secret", path: "keys[0].value" }]);
  });
});

describe("server", () => {
  test.each([
    ["server: { listen: '127.0.0.1:70000' }", "invalid_value server.listen"],
    ["server: { listen: '300.0.0.1:80' }", "invalid_value server.listen"],
    ["server: { listen: '[::g]:80' }", "invalid_value server.listen"],
    ["server: { listen: '[1::2::3]:80' }", "invalid_value server.listen"],
    ["server: { listen: '8080' }", "invalid_value server.listen"],
    ["server: { admin_listen: 127.0.0.1:8080 }", "conflict server.admin_listen"],
    ["server: { admin_listen: 0.0.0.0:8080 }", "conflict server.admin_listen"],
    ["server: { max_body_mb: 600 }", "conflict server.max_inflight_mb"],
    ["server: { trusted_proxies: [10.0.0.0/8, ten] }", "invalid_value server.trusted_proxies[1]"],
    ["server: { trusted_proxies: [10.0.0.0/33] }", "invalid_value server.trusted_proxies[0]"],
    ["server: { trusted_proxies: ['::1/129'] }", "invalid_value server.trusted_proxies[0]"],
  ])("%s", (text, expected) => {
    const errors = found(text);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toStartWith(expected);
  });

  test.each([
    "server: { listen: '127.0.0.1:0', admin_listen: '127.0.0.1:0' }",
    "server: { listen: '[::1]:8080', admin_listen: 'localhost:8080' }",
    "server: { trusted_proxies: [10.0.0.7, 10.0.0.0/8, '::1', 'fd00::/8'] }",
    "server: { max_body_mb: 0.5 }",
  ])("%s is fine", (text) => {
    expect(found(text)).toEqual([]);
  });
});

test("a price of an unknown provider is shown with the nearest one", () => {
  expect(found("prices: { opnai/gpt-5: { input: 1 } }")).toEqual([
    'unknown_name prices["opnai/gpt-5"] | Did you mean `openai`?',
  ]);
});

test("a document without providers is warned of", () => {
  expect(sampleCompile("version: 1").warnings).toMatchObject([
    { code: "missing_key", path: "providers" },
  ]);
});
