// What every KeyStore does. Run for each implementation by its own test file.

import { describe, expect, test } from "bun:test";
import type { KeyStore, StoredKey } from "./key-store.ts";

const KEY: StoredKey = {
  id: "k1",
  name: "chatbot",
  tenant: "acme",
  project: "",
  plan: "standard",
  models: null,
  tags: ["web", "ünïcode 🙂"],
  hash: "aa".repeat(32),
  previousHash: "",
  previousValidUntil: 0,
  createdAt: 1_767_225_600_000,
  expiresAt: 0,
  revokedAt: 0,
};

/** @param open gives an empty store */
export function keyStoreContract(name: string, open: () => Promise<KeyStore>): void {
  describe(`${name} keeps keys`, () => {
    test("an empty store lists nothing", async () => {
      expect(await (await open()).list()).toEqual([]);
    });

    test("a key comes back as it was put", async () => {
      const store = await open();
      await store.put(KEY);
      expect(await store.list()).toEqual([KEY]);
    });

    test("an empty allow-list stays apart from none", async () => {
      const store = await open();
      await store.put({ ...KEY, models: [] });
      await store.put({ ...KEY, id: "k2", models: ["small", "openai/gpt-5-mini"] });
      const keys = await store.list();
      expect(keys.map(({ models }) => models)).toEqual([[], ["small", "openai/gpt-5-mini"]]);
    });

    test("putting the same id replaces the key", async () => {
      const store = await open();
      await store.put(KEY);
      const rotated: StoredKey = {
        ...KEY,
        hash: "bb".repeat(32),
        previousHash: KEY.hash,
        previousValidUntil: KEY.createdAt + 60_000,
        revokedAt: KEY.createdAt + 1,
        expiresAt: KEY.createdAt + 2,
      };
      await store.put(rotated);
      expect(await store.list()).toEqual([rotated]);
    });

    test("keys are listed oldest first, revoked ones included", async () => {
      const store = await open();
      await store.put({ ...KEY, id: "newer", createdAt: KEY.createdAt + 5 });
      await store.put({ ...KEY, id: "older", createdAt: KEY.createdAt - 5, revokedAt: 1 });
      expect((await store.list()).map(({ id }) => id)).toEqual(["older", "newer"]);
    });
  });
}
