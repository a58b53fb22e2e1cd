// The life of the document: who wins, and what a bad document cannot do.

import { describe, expect, test } from "bun:test";
import { API_C, BAD, FILE_A, FILE_B, ListedVersions, refusal, world } from "./sample-documents.ts";

describe("the start", () => {
  test("a file becomes version 1 and the snapshot carries the version", async () => {
    const { service, holder, store, events } = world();
    expect(service.current()).toBeUndefined();
    const outcome = await service.start(FILE_A);
    expect(outcome).toMatchObject({
      ok: true,
      isNewVersion: true,
      version: 1,
      source: "file:/etc/sluice.yaml",
    });
    expect(holder.current()?.version).toBe(1);
    expect(Object.isFrozen(holder.current())).toBe(true);
    expect(service.current()).toEqual({
      config: FILE_A,
      version: 1,
      source: "file:/etc/sluice.yaml",
    });
    expect(store.entries[0]?.appliedAt).toBe(1_790_000_000_000);
    expect(events).toEqual([
      { type: "snapshot-changed", hash: holder.current()?.hash ?? "", version: 1 },
    ]);
  });

  test("nothing configured is the demo, once", async () => {
    const store = new ListedVersions();
    const { service, holder } = world(store);
    await service.start(undefined);
    expect(holder.current()?.demo).toBe(true);
    const again = world(store);
    expect(await again.service.start(undefined)).toMatchObject({
      ok: true,
      isNewVersion: false,
      version: 1,
    });
    expect(again.holder.current()?.demo).toBe(true);
    expect(store.entries.map(({ source }) => source)).toEqual(["demo"]);
  });

  test("the same file again adds no version", async () => {
    const store = new ListedVersions();
    await world(store).service.start(FILE_A);
    const { service, providers } = world(store);
    expect(await service.start(FILE_A)).toMatchObject({
      ok: true,
      isNewVersion: false,
      version: 1,
    });
    expect(store.entries).toHaveLength(1);
    expect(providers()).toEqual(["a"]);
  });

  test("an unchanged file does not replace what was applied after it, a changed one does", async () => {
    const store = new ListedVersions();
    const before = world(store);
    await before.service.start(FILE_A);
    await before.service.apply(API_C, { source: "api", ifMatch: 1 });
    const same = world(store);
    expect(await same.service.start(FILE_A)).toMatchObject({ version: 2, source: "api" });
    expect(same.providers()).toEqual(["c"]);
    const changed = world(store);
    expect(await changed.service.start(FILE_B)).toMatchObject({ version: 3, isNewVersion: true });
    expect(changed.providers()).toEqual(["b"]);
  });

  test("without a file the last document applied stays, not the demo", async () => {
    const store = new ListedVersions();
    await world(store).service.start(FILE_A);
    const { service, holder, providers } = world(store);
    await service.start(undefined);
    expect(providers()).toEqual(["a"]);
    expect(holder.current()?.demo).toBe(false);
  });

  test("a bad file starts nothing and is not stored", async () => {
    const { service, holder, store, events } = world();
    const outcome = await service.start(BAD);
    expect(outcome.ok).toBe(false);
    expect(!outcome.ok && outcome.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
      "2 unknown_key",
    ]);
    expect(holder.current()).toBeUndefined();
    expect(store.entries).toEqual([]);
    expect(events).toEqual([
      { type: "document-refused", source: "file:/etc/sluice.yaml", errors: 1 },
    ]);
  });

  test("a stored document sent by API keeps the rules of the API", async () => {
    const store = new ListedVersions();
    const { service } = world(store);
    await service.start(FILE_A);
    const private_ =
      'providers: { a: { kind: openai-compatible, base_url: "http://10.0.0.7/v1" } }';
    const error = await refusal(service.apply(private_, { source: "api", ifMatch: 1 }));
    expect(error.code).toBe("invalid_config");
    expect(error.extras.details).toMatchObject([
      { code: "forbidden_address", path: "providers.a.base_url", line: 1 },
    ]);
  });
});

describe("reload", () => {
  test("a changed file is applied as a new version", async () => {
    const { service, providers, holder } = world();
    await service.start(FILE_A);
    expect(await service.reload(FILE_B)).toMatchObject({
      ok: true,
      isNewVersion: true,
      version: 2,
    });
    expect(providers()).toEqual(["b"]);
    expect(holder.current()?.version).toBe(2);
  });

  test("a bad file leaves the good one in force, to the very same snapshot", async () => {
    const { service, holder, store, events } = world();
    await service.start(FILE_A);
    const good = holder.current();
    const outcome = await service.reload(BAD);
    expect(outcome.ok).toBe(false);
    expect(holder.current()).toBe(good);
    expect(store.entries).toHaveLength(1);
    expect(service.current()?.version).toBe(1);
    expect(events.at(-1)).toEqual({
      type: "document-refused",
      source: "file:/etc/sluice.yaml",
      errors: 1,
    });
    expect(await service.reload(FILE_B)).toMatchObject({ ok: true, version: 2 });
  });

  test("an unchanged file is compiled again for what its references stand for", async () => {
    const variables: Record<string, string> = { KEY: "sk-one-1" };
    const { service, holder, store, events } = world(new ListedVersions(), variables);
    const text = `providers: { a: { kind: openai, api_key: "\${env:KEY}" } }`;
    await service.start(text);
    const first = holder.current();
    await service.reload(text);
    expect(holder.current()).toBe(first);
    variables["KEY"] = "sk-two-2";
    expect(await service.reload(text)).toMatchObject({ ok: true, isNewVersion: false, version: 1 });
    expect(holder.current()?.providers.get("a")?.credentials[0]?.value?.reveal()).toBe("sk-two-2");
    expect(store.entries).toHaveLength(1);
    expect(events.filter(({ type }) => type === "snapshot-changed")).toHaveLength(2);
    delete variables["KEY"];
    expect((await service.reload(text)).ok).toBe(false);
    expect(holder.current()?.providers.get("a")?.credentials[0]?.value?.reveal()).toBe("sk-two-2");
  });

  test("an unchanged file does not replace what was applied after it", async () => {
    const { service, providers } = world();
    await service.start(FILE_A);
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    expect(await service.reload(FILE_A)).toMatchObject({ ok: true, version: 2, source: "api" });
    expect(providers()).toEqual(["c"]);
  });
});

describe("apply", () => {
  test("another version than the one in force is refused", async () => {
    const { service, providers } = world();
    await service.start(FILE_A);
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    const error = await refusal(service.apply(FILE_B, { source: "api", ifMatch: 1 }));
    expect([error.code as string, error.status]).toEqual(["version_moved", 412]);
    expect(providers()).toEqual(["c"]);
  });

  test("of two changes made from the same version, one wins", async () => {
    const { service, store } = world();
    await service.start(FILE_A);
    const outcomes = await Promise.allSettled([
      service.apply(API_C, { source: "api", ifMatch: 1 }),
      service.apply(FILE_B, { source: "api", ifMatch: 1 }),
      service.apply(BAD, { source: "api", ifMatch: 1 }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect(store.entries).toHaveLength(2);
    expect(service.current()?.config).toBe(API_C);
  });

  test("many changes at once are applied one after the other, in the order they came", async () => {
    const { service, store, holder } = world();
    await service.start(FILE_A);
    const seen: number[] = [];
    holder.onSwap((snapshot) => seen.push(snapshot.version));
    const texts = Array.from(
      { length: 10 },
      (_, index) => `providers: { p${index}: { kind: demo } }`,
    );
    await Promise.all(
      texts.map((text) => service.apply(text, { source: "api", ifMatch: undefined })),
    );
    expect(store.entries.slice(1).map(({ text }) => text)).toEqual(texts);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("the document in force, sent again, changes nothing", async () => {
    const { service, store } = world();
    await service.start(FILE_A);
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    expect(await service.apply(API_C, { source: "api", ifMatch: 2 })).toMatchObject({
      version: 2,
      isNewVersion: false,
    });
    expect(store.entries).toHaveLength(2);
  });

  test("a bad document is refused whole, with every place", async () => {
    const { service, providers } = world();
    await service.start(FILE_A);
    const error = await refusal(
      service.apply("modles: {}\nserver: { metrics: x }", { source: "api", ifMatch: 1 }),
    );
    expect([error.code as string, error.status]).toEqual(["invalid_config", 422]);
    expect(error.extras.details).toMatchObject([
      { path: "modles", line: 1, column: 1, hint: "Did you mean `models`?" },
      { path: "server.metrics", line: 2, column: 20 },
    ]);
    expect(providers()).toEqual(["a"]);
  });

  test("what cannot be stored does not come into force", async () => {
    const { service, store, providers } = world();
    await service.start(FILE_A);
    store.failNext = true;
    const failed = service.apply(API_C, { source: "api", ifMatch: 1 });
    await expect(failed).rejects.toThrow("the disk is full");
    expect(providers()).toEqual(["a"]);
    await service.apply(FILE_B, { source: "api", ifMatch: 1 });
    expect(providers()).toEqual(["b"]);
  });
});
