// What every DocumentStore does. Run for each implementation by its own test file.

import { describe, expect, test } from "bun:test";
import type { DocumentStore } from "./document-store.ts";

/** @param open gives an empty store */
export function documentStoreContract(name: string, open: () => Promise<DocumentStore>): void {
  const entry = (source: string, text: string) => ({
    hash: text.padEnd(64, "0"),
    source,
    text,
    appliedAt: 1_767_225_600_000,
  });

  describe(`${name} keeps document versions`, () => {
    test("an empty store has no version", async () => {
      const store = await open();
      expect(await store.latest()).toBeUndefined();
      expect(await store.latestFromFile()).toBeUndefined();
      expect(await store.get(1)).toBeUndefined();
      expect(await store.versions(10)).toEqual([]);
    });

    test("versions count up from 1 and the last one is in force", async () => {
      const store = await open();
      const first = await store.append(entry("file:/etc/sluice.yaml", "version: 1\n"));
      const second = await store.append(entry("api", "version: 1\nmodels: {}\n"));
      expect([first.version, second.version]).toEqual([1, 2]);
      expect(await store.latest()).toEqual(second);
      expect(await store.get(1)).toEqual(first);
    });

    test("the last version from a file is found behind later ones", async () => {
      const store = await open();
      await store.append(entry("file:a", "a"));
      const fromFile = await store.append(entry("file:b", "b"));
      await store.append(entry("api", "c"));
      await store.append(entry("rollback:1", "a"));
      expect(await store.latestFromFile()).toEqual(fromFile);
    });

    test("versions are listed newest first, as many as asked for", async () => {
      const store = await open();
      for (const text of ["a", "b", "c"]) await store.append(entry("api", text));
      expect((await store.versions(2)).map(({ text }) => text)).toEqual(["c", "b"]);
    });
  });
}
