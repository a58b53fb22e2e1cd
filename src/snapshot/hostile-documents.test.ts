// Whatever stands in a document: compiling answers with issues, never with an exception.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { sampleCompile, sampleErrors, sampleSnapshot } from "./sample-compile.ts";

const WORDS = fc.constantFrom(
  "version",
  "server",
  "listen",
  "storage",
  "retention",
  "providers",
  "openai",
  "kind",
  "api_key",
  "api_keys",
  "id",
  "value",
  "base_url",
  "headers",
  "optional",
  "models",
  "targets",
  "model",
  "weight",
  "strategy",
  "plans",
  "plan",
  "tenants",
  "tenant",
  "projects",
  "keys",
  "name",
  "prices",
  "input",
  "labels",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "openai/gpt-5",
);
const SCALARS = fc.oneof(
  WORDS,
  fc.constantFrom<unknown>(
    "demo",
    "10s",
    "${".concat("env:X}"),
    "http://10.0.0.1/",
    "sqlite:x",
    null,
    true,
    0,
    1,
    -1,
    1e300,
    0.1,
  ),
  fc.string({ maxLength: 12 }),
);
const { document: DOCUMENTS } = fc.letrec<{ document: unknown; node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    SCALARS,
    fc.array(tie("node"), { maxLength: 3 }),
    tie("document"),
  ),
  document: fc.dictionary(WORDS, tie("node"), { maxKeys: 5 }),
}));

test("no document makes the compiler throw, whoever sent it", () => {
  fc.assert(
    fc.property(DOCUMENTS, fc.constantFrom("file", "api", "demo"), (document, kind) => {
      const origin = kind === "file" ? ({ kind, path: "x" } as const) : ({ kind } as const);
      const result = sampleCompile(stringify(document), { origin });
      if (result.ok) return;
      expect(result.errors.length).toBeGreaterThan(0);
      for (const issue of result.errors) {
        expect(issue.line).toBeGreaterThan(0);
        expect(issue.column).toBeGreaterThan(0);
        expect(issue.message).toMatch(/\.$/);
      }
    }),
    { numRuns: 300 },
  );
});

test("names of the language's own are names like others", () => {
  const snapshot = sampleSnapshot(`providers: { constructor: { kind: demo } }
models: { toString: { targets: [constructor/echo] } }
plans: { valueOf: { models: [toString] } }
tenants: { hasOwnProperty: { plan: valueOf, projects: { constructor: {} } } }
keys: [{ name: k, tenant: hasOwnProperty, project: constructor, value: acme-5f0e8a7d6c3b4a29181716 }]
`);
  expect(snapshot.models.get("toString")?.targets[0]?.provider).toBe("constructor");
  expect(snapshot.tenants.get("hasOwnProperty")?.plan).toBe("valueOf");
  expect(snapshot.models.get("valueOf")).toBeUndefined();
});

test("a target that is no text, half a surrogate pair, is refused where it stands", () => {
  const text = 'providers: { a: { kind: demo } }\nmodels: { m: { targets: ["a/\\ud800"] } }';
  expect(sampleErrors(text)).toMatchObject([{ path: "models.m.targets[0]", line: 2 }]);
});
