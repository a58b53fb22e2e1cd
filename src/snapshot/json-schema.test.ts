// The shipped schema and the reference page say what the sources say.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import { configurationSchema } from "./json-schema.ts";
import { configurationReference } from "./reference.ts";

const SHIPPED = new URL("../../sluice.schema.json", import.meta.url);

function at(path: readonly string[]): JsonObject {
  let found: JsonObject = configurationSchema();
  for (const step of path) found = asObject(found[step]) ?? {};
  return found;
}

describe("sluice.schema.json", () => {
  test("it is what the sources give; `bun scripts/generate-schema.ts` writes it", () => {
    expect(JSON.parse(readFileSync(SHIPPED, "utf8"))).toEqual(
      JSON.parse(JSON.stringify(configurationSchema())),
    );
  });

  test("it allows the kinds that provider files serve and no key that is unknown", () => {
    const entry = at(["properties", "providers", "additionalProperties"]);
    expect(entry["additionalProperties"]).toBe(false);
    expect(asObject(asObject(entry["properties"])?.["kind"])?.["enum"]).toEqual([
      ...PROVIDER_KINDS.keys(),
    ]);
  });

  test("keys of one form are described each in its own words", () => {
    const caller = at(["properties", "keys", "items", "properties", "name"]);
    expect(caller["description"]).toBe("Name of the key in records; unique.");
    const credential = at(["properties", "providers", "additionalProperties", "properties"]);
    expect(JSON.stringify(credential["api_keys"])).toContain("unique in the provider.");
  });

  test("what has no engine yet is known and refused", () => {
    const labels = at(["properties", "labels"]);
    expect(labels["not"]).toEqual({});
    expect(labels["description"]).toStartWith("Not available yet.");
  });

  test("a text with a form may be a reference instead", () => {
    const listen = at(["properties", "server", "properties", "listen"]);
    const [form, reference] = listen["anyOf"] as { pattern: string }[];
    expect("127.0.0.1:8080").toMatch(new RegExp(form?.pattern ?? "", "u"));
    expect(`\${env:LISTEN}`).toMatch(new RegExp(reference?.pattern ?? "", "u"));
    expect(listen["pattern"]).toBeUndefined();
  });

  test("defaults and examples stand as the document writes them", () => {
    const keepAlive = at(["properties", "server", "properties", "keep_alive"]);
    expect(keepAlive).toMatchObject({ default: "15s", examples: ["15s"] });
  });

  test("it holds no words that are no JSON Schema", () => {
    const text = JSON.stringify(configurationSchema());
    for (const word of ["unit", "fallback", "later", "secret", "example"]) {
      expect(text).not.toContain(`"${word}":`);
    }
  });
});

describe("the reference page", () => {
  const page = configurationReference();

  test("every key of the schema has a row with a description", () => {
    const rows = new Map<string, string[]>();
    for (const line of page.split("\n")) {
      const cells = /^\| `([^`]+)` \|(.*)\|$/.exec(line);
      if (cells?.[1] !== undefined) rows.set(cells[1], (cells[2] ?? "").split(" | "));
    }
    const names = [...JSON.stringify(configurationSchema()).matchAll(/"properties":\{"(\w+)"/g)];
    expect(names.length).toBeGreaterThan(8);
    for (const [, name = ""] of names) expect(rows.has(name)).toBe(true);
    for (const [name, cells] of rows) {
      expect(`${name}: ${cells.at(-1)?.trim()}`).not.toMatch(/: $/);
    }
  });

  test("rows show type, default, example and what is not there yet", () => {
    expect(page).toContain(
      "| `keep_alive` | duration | `15s` | `15s` | A comment goes out at every silence of a stream of this length. |",
    );
    expect(page).toContain("| `labels` | | | | *not yet*: ");
    expect(page).toContain("## `providers.<name>.api_keys[]`");
    expect(page).toContain("number or text, US dollars per million tokens");
  });
});
