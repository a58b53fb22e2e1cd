// No layer knows a vendor by name: ids of provider kinds stand in `src/providers` alone.

import { expect, test } from "bun:test";
import { PROVIDER_KINDS } from "#providers/list.ts";
import { PROVIDER_IDS } from "./exceptions.ts";
import { sourceFiles } from "./source-tree.ts";

/** Also the name of the mode without a configuration, which every layer knows. */
const MODE = "demo";

test("ids of provider kinds are no strings outside of the providers", () => {
  const ids = new Set([...PROVIDER_KINDS.keys()].filter((id) => id !== MODE));
  expect(ids.size).toBeGreaterThan(3);
  const strays = sourceFiles()
    .filter(({ layer, isTest }) => layer !== "providers" && !isTest)
    .flatMap(({ path, literals }) =>
      literals.filter(({ value }) => ids.has(value)).map(({ value }) => `${path} ${value}`),
    );
  expect([...new Set(strays)].sort()).toEqual(Object.keys(PROVIDER_IDS).sort());
});
