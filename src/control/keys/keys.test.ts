// Keys: their text, whom they prove, and their life from making to revoking.

import { beforeEach, describe, expect, test } from "bun:test";
import type { Clock } from "#core/ports/clock.ts";
import type { StoredKey } from "#core/ports/key-store.ts";
import { Secret } from "#core/secret.ts";
import type { Plan, Snapshot, Tenant } from "#snapshot/snapshot.ts";
import { type DirectorySource, KeyDirectory } from "./directory.ts";
import { keyText, lettersOf, publicIdOf } from "./key-text.ts";
import { derivePepper } from "./keyed-hash.ts";
import { KeyService, type KeyWish } from "./lifecycle.ts";
import { type ModelNames, modelWarnings } from "./model-warnings.ts";

const pepper = derivePepper(new Secret("test secret key"));
const WISH: KeyWish = {
  name: "web",
  tenant: "acme",
  project: "",
  plan: "",
  models: null,
  tags: [],
  expiresAt: 0,
};

function tenant(name: string, plan: string, projects: string[] = []): Tenant {
  return { name, plan, projects: new Set(projects), timeZone: "UTC" };
}

function plan(name: string, models: string[] | undefined): Plan {
  return {
    name,
    models: models === undefined ? undefined : new Set(models),
    passthrough: new Set(),
  };
}

const SOURCE: DirectorySource = {
  keys: [
    {
      name: "from-document",
      tenant: "acme",
      project: "chatbot",
      plan: "",
      tags: ["web"],
      models: ["small", "other"],
      value: new Secret("a document key of some length"),
    },
  ],
  tenants: new Map([["acme", tenant("acme", "standard", ["chatbot"])]]),
  plans: new Map([["standard", plan("standard", ["assistant", "small"])]]),
};

class Bench {
  now = 1_000_000;
  rows: StoredKey[] = [];
  revoked: string[] = [];
  seed = 1;
  source = SOURCE;
  readonly clock: Clock = { now: () => this.now, monotonic: () => this.now, after: () => () => {} };
  readonly directory = new KeyDirectory(pepper, this.clock);
  readonly service = new KeyService({
    pepper,
    clock: this.clock,
    directory: this.directory,
    snapshots: { current: () => this.source as Snapshot },
    random: { bytes: (count) => Uint8Array.from({ length: count }, () => this.#next()) },
    store: {
      list: async () => this.rows,
      put: async (key) => {
        this.rows = [...this.rows.filter(({ id }) => id !== key.id), key];
      },
    },
  });

  constructor() {
    this.directory.useSnapshot(this.source);
    this.directory.onRevoked((id) => this.revoked.push(id));
  }

  #next(): number {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed & 255;
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("the text of a key", () => {
  const key = keyText(lettersOf(new Uint8Array(12).fill(7)), new Uint8Array(40).fill(9));

  test("holds its public id and a checksum", () => {
    expect(key).toMatch(/^sk-sluice-[0-9a-z]{59}$/);
    expect(publicIdOf(key)).toBe("777777777777");
  });

  test("a changed, cut or longer text is no key", () => {
    for (let at = 0; at < key.length; at += 1) {
      const changed = `${key.slice(0, at)}${key[at] === "x" ? "y" : "x"}${key.slice(at + 1)}`;
      expect(publicIdOf(changed)).toBeUndefined();
    }
    expect(publicIdOf(key.slice(0, -1))).toBeUndefined();
    expect(publicIdOf(`${key}0`)).toBeUndefined();
    expect(publicIdOf("sk-sluice-demo")).toBeUndefined();
  });
});

describe("the directory", () => {
  test("a document key proves its caller, with only the models that plan and key both list", () => {
    const found = bench.directory.identify("a document key of some length");
    if (found.kind !== "caller") throw new Error(found.kind);
    expect(found.caller).toMatchObject({ tenant: "acme", project: "chatbot", plan: "standard" });
    expect([...(found.caller.allowedModels ?? [])]).toEqual(["small"]);
  });

  test("unknown, empty and huge strings are unknown", () => {
    for (const text of ["", "nobody's key of some length", "x".repeat(100_000), "sk-sluice-"]) {
      expect(bench.directory.identify(text)).toEqual({ kind: "unknown" });
    }
  });

  test("a key whose tenant, project or plan is not configured opens nothing", () => {
    const [key] = SOURCE.keys;
    if (key === undefined) throw new Error("no key");
    for (const part of [{ tenant: "x" }, { project: "x" }, { plan: "x" }]) {
      bench.directory.useSnapshot({ ...SOURCE, keys: [{ ...key, ...part }] });
      expect(bench.directory.identify(key.value.reveal()).kind).toBe("unknown");
    }
  });

  test("a key that leaves the document is announced as revoked", () => {
    bench.directory.useSnapshot({ ...SOURCE, keys: [] });
    expect(bench.revoked).toEqual(["from-document"]);
  });

  test("a document key that gets another value is announced, an unchanged one is not", () => {
    bench.directory.useSnapshot({ ...SOURCE });
    expect(bench.revoked).toEqual([]);
    const keys = SOURCE.keys.map((key) => ({
      ...key,
      value: new Secret("its successor, as long"),
    }));
    bench.directory.useSnapshot({ ...SOURCE, keys });
    expect(bench.revoked).toEqual(["from-document"]);
  });
});

describe("the life of a key", () => {
  test("a new key works at once and only its hash is stored", async () => {
    const { key, stored } = await bench.service.create({ ...WISH, models: ["small"] }, undefined);
    const found = bench.directory.identify(key);
    expect(found).toMatchObject({ kind: "caller", caller: { keyId: stored.id, keyName: "web" } });
    expect(JSON.stringify(bench.rows)).not.toContain(key.slice(22));
  });

  test("the public id with another secret is unknown", async () => {
    const { stored } = await bench.service.create(WISH, undefined);
    const forged = keyText(stored.id, new Uint8Array(40).fill(3));
    expect(bench.directory.identify(forged).kind).toBe("unknown");
  });

  test("an expired key is told apart from an unknown one", async () => {
    const { key } = await bench.service.create({ ...WISH, expiresAt: 1_000_500 }, undefined);
    expect(bench.directory.identify(key).kind).toBe("caller");
    bench.now = 1_000_500;
    expect(bench.directory.identify(key).kind).toBe("expired");
  });

  test("rotation keeps the old text for the grace and no longer", async () => {
    const old = await bench.service.create(WISH, undefined);
    const fresh = await bench.service.rotate(old.stored.id, 60, undefined);
    expect(fresh.stored.previousValidUntil).toBe(1_060_000);
    expect(bench.directory.identify(old.key).kind).toBe("caller");
    expect(bench.directory.identify(fresh.key).kind).toBe("caller");
    bench.now = 1_060_000;
    expect(bench.directory.identify(old.key).kind).toBe("expired");
    expect(bench.directory.identify(fresh.key).kind).toBe("caller");
    expect(bench.revoked).toEqual([]);
  });

  test("rotation without a grace ends the old text and what it opened", async () => {
    const old = await bench.service.create(WISH, undefined);
    await bench.service.rotate(old.stored.id, 0, undefined);
    expect(bench.directory.identify(old.key).kind).toBe("unknown");
    expect(bench.revoked).toEqual([old.stored.id]);
  });

  test("a revoked key is unknown, announced, and cannot be changed again", async () => {
    const { key, stored } = await bench.service.create(WISH, undefined);
    await bench.service.revoke(stored.id, undefined);
    expect(bench.directory.identify(key).kind).toBe("unknown");
    expect(bench.revoked).toEqual([stored.id]);
    await expect(bench.service.revoke(stored.id, undefined)).rejects.toThrow("No key in force");
    await expect(bench.service.rotate(stored.id, 0, undefined)).rejects.toThrow("No key in force");
  });

  test("unknown tenants, projects and plans, past expiry and taken names are refused", async () => {
    const make = (part: Partial<KeyWish>) => bench.service.create({ ...WISH, ...part }, undefined);
    await expect(make({ tenant: "nobody" })).rejects.toThrow("No tenant");
    await expect(make({ project: "none" })).rejects.toThrow("no project");
    await expect(make({ plan: "none" })).rejects.toThrow("No plan");
    await expect(make({ expiresAt: 5 })).rejects.toThrow("past");
    await expect(make({ name: "from-document" })).rejects.toThrow("exists already");
    const both = await Promise.allSettled([make({}), make({})]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(bench.rows.length).toBe(1);
  });

  test("a scope sees, makes and changes the keys of its tenants alone", async () => {
    const { stored } = await bench.service.create(WISH, undefined);
    const foreign = new Set(["other"]);
    expect(bench.service.list(foreign)).toEqual([]);
    await expect(bench.service.revoke(stored.id, foreign)).rejects.toThrow("No key in force");
    await expect(bench.service.create({ ...WISH, name: "b" }, foreign)).rejects.toThrow(
      "No tenant",
    );
  });

  test("a first key is made only where there never was one", async () => {
    expect(await bench.service.ensureDefaultKey()).toBeUndefined();
    bench.source = { ...SOURCE, keys: [] };
    bench.directory.useSnapshot(bench.source);
    const first = await bench.service.ensureDefaultKey();
    expect(first?.stored.tenant).toBe("default");
    expect(bench.directory.identify(first?.key ?? "").kind).toBe("caller");
    await bench.service.revoke(first?.stored.id ?? "", undefined);
    expect(await bench.service.ensureDefaultKey()).toBeUndefined();
  });

  test("keys of the store are in force after loading", async () => {
    const { key } = await bench.service.create(WISH, undefined);
    const again = new Bench();
    again.rows = bench.rows;
    expect(again.directory.identify(key).kind).toBe("unknown");
    await again.service.load();
    expect(again.directory.identify(key).kind).toBe("caller");
  });
});

describe("the models of a new key", () => {
  const names = {
    models: new Map([["assistant", {}]]),
    providers: new Map([["openai", {}]]),
    plans: SOURCE.plans,
    listedModels: [{ id: "assistant" }, { id: "openai/gpt-5-mini" }],
    providersKnowing: (model: string) => (model === "gpt-5-mini" ? ["openai"] : []),
  } as unknown as ModelNames;

  test.each([
    ["assistent", "Nothing is called `assistent`. Did you mean `assistant`?"],
    ["openai/*", "Nothing is called `openai/*`."],
    ["opnai/gpt-5-mini", "Did you mean `openai/gpt-5-mini`?"],
    ["zzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "there are no wildcards"],
  ])("%s earns a warning", (model, wanted) => {
    const [warning, ...others] = modelWarnings(["assistant", model], "", names);
    expect(warning).toContain(wanted);
    expect(others).toEqual([]);
  });

  test("that can be asked for earn none, unless the plan leaves them out", () => {
    const models = ["assistant", "openai/anything", "gpt-5-mini"];
    expect(modelWarnings(models, "", names)).toEqual([]);
    expect(modelWarnings(null, "standard", names)).toEqual([]);
    expect(modelWarnings(models, "standard", names)).toEqual([
      "The plan `standard` does not list `openai/anything`: the key cannot ask for it.",
      "The plan `standard` does not list `gpt-5-mini`: the key cannot ask for it.",
    ]);
  });
});

test("a key that expires, or whose grace ends, refuses new calls and ends none that is open", async () => {
  await bench.service.load();
  const { key } = await bench.service.create({ ...WISH, expiresAt: bench.now + 2_000 }, undefined);
  const { stored } = await bench.service.create({ ...WISH, name: "rotated" }, undefined);
  const old = await bench.service.rotate(stored.id, 1, undefined);
  bench.now += 2_000;
  // Whoever looks finds out; nothing else happens when the time comes.
  expect(bench.directory.identify(key).kind).toBe("expired");
  expect(bench.directory.identify(old.key).kind).toBe("caller");
  expect(bench.revoked).toEqual([]);
});
