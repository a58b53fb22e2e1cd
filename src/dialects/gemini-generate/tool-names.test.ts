// Names of tools that Gemini refuses.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { adaptToolName, restoreToolName } from "./tool-names.ts";

const LEGAL = /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/;

test("leaves legal names as they are", () => {
  for (const name of ["get_weather", "_x", "ns.tool:v2-a"]) {
    expect(adaptToolName(name)).toBe(name);
    expect(restoreToolName(name)).toBe(name);
  }
});

test("gives back every name that it could adapt", () => {
  const names = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: "binary" }),
    fc.stringMatching(/^(sluice\.)?[0-9a-z.:-]{1,20}$/),
  );
  fc.assert(
    fc.property(names, (name) => {
      const adapted = adaptToolName(name);
      expect(adapted).toMatch(LEGAL);
      expect(restoreToolName(adapted)).toBe(name);
    }),
  );
});

test("refuses names that cannot be written, and says which", () => {
  expect(() => adaptToolName("")).toThrow("tool names of 1 to 128");
  expect(() => adaptToolName(`1${"é".repeat(60)}`)).toThrow("ééé");
});

test("leaves names alone that only look adapted", () => {
  expect(restoreToolName("sluice.:110000.")).toBe("sluice.:110000.");
  expect(restoreToolName("sluice.a b")).toBe("sluice.a b");
});
