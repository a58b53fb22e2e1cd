// What references stand for, and where they may stand.

import { describe, expect, test } from "bun:test";
import { sampleErrors, sampleReferences, sampleSnapshot } from "../sample-compile.ts";

const house = (value: string) =>
  `providers:\n  house: { kind: openai-compatible, base_url: "http://127.0.0.1:1/v1", api_key: "${value}" }\n`;

function keyOf(
  text: string,
  variables: Record<string, string>,
  files: Record<string, string> = {},
) {
  const snapshot = sampleSnapshot(text, { references: sampleReferences(variables, files) });
  return snapshot.providers.get("house")?.credentials[0]?.value?.reveal();
}

describe("in the start-up file", () => {
  test("a variable stands for its value", () => {
    expect(keyOf(house(`\${env:KEY}`), { KEY: "sk-1" })).toBe("sk-1");
  });

  test("a reference may be a part of a text, and several may stand in one", () => {
    expect(keyOf(house(`a-\${env:A}-\${env:B}`), { A: "1", B: "2" })).toBe("a-1-2");
  });

  test("a file stands for its text without the last line end", () => {
    expect(keyOf(house(`\${file:/run/secrets/key}`), {}, { "/run/secrets/key": "sk-2\n" })).toBe(
      "sk-2",
    );
  });

  test("what a reference gives is not searched for references again", () => {
    expect(keyOf(house(`\${env:A}`), { A: `\${env:B}`, B: "no" })).toBe(`\${env:B}`);
  });

  test("two dollar signs stand for the sign itself", () => {
    expect(keyOf(house(`$\${env:A}`), { A: "no" })).toBe(`\${env:A}`);
  });

  test.each([
    [`\${env:NOPE}`, "`NOPE` is not set"],
    [`\${env:BLANK}`, "`BLANK` is empty"],
    [`\${file:/nowhere}`, "`/nowhere` cannot be read"],
  ])("%s is an error that names what is missing", (reference, words) => {
    const references = sampleReferences({ BLANK: " " });
    const errors = sampleErrors(house(reference), { references });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      code: "unset_variable",
      path: "providers.house.api_key",
      line: 2,
      column: 81,
    });
    expect(errors[0]?.message).toContain(words);
  });

  test.each([
    [`\${KEY}`, "invalid_value", `\${env:KEY}`],
    [`\${env:}`, "invalid_value", `\${env:NAME}`],
    [`\${file:relative}`, "invalid_value", `\${file:/path}`],
    [`\${secret:x}`, "not_available", "Leave it out"],
  ])("%s is refused with what to write", (reference, code, hint) => {
    const [error] = sampleErrors(house(reference));
    expect(error?.code as string).toBe(code);
    expect(error?.hint).toContain(hint);
  });

  test("a value that a variable gave is never repeated in an error", () => {
    const leak = `"\${env:LEAK}"`;
    const server = `server: { metrics: ${leak} }`;
    const provider = `providers: { a: { kind: ${leak} } }`;
    for (const text of [
      server,
      provider,
      `keys: [{ name: a, value: x, tenant: ${leak} }]`,
      `models: { m: { targets: ["\${env:LEAK}/x"] } }`,
    ]) {
      const errors = sampleErrors(text, { references: sampleReferences({ LEAK: "hunter2" }) });
      expect(errors.length).toBeGreaterThan(0);
      expect(JSON.stringify(errors)).not.toContain("hunter2");
    }
  });
});

describe("elsewhere", () => {
  test.each([`\${env:OPENAI_API_KEY}`, `\${file:/etc/passwd}`])(
    "%s is refused in a document sent by API",
    (reference) => {
      const [error] = sampleErrors(house(reference), { origin: { kind: "api" } });
      expect(error?.code).toBe("reference_not_allowed");
    },
  );

  test("a key of the document that is not available hides what stands in it", () => {
    const errors = sampleErrors(`tenants:\n  a: { alerts: { secret: '\${env:NOPE}' } }`);
    expect(errors.map((error) => error.code)).toEqual(["not_available"]);
  });
});
