// What is stored of documents, what comes back, and what a check finds.

import { describe, expect, test } from "bun:test";
import { API_C, BAD, FILE_A, ListedVersions, refusal, world } from "./sample-documents.ts";

describe("check", () => {
  test("it tells everything and changes nothing", async () => {
    const { service, holder, store } = world();
    await service.start(FILE_A);
    const before = holder.current();
    expect(await service.check(API_C, { kind: "api" })).toMatchObject({
      valid: true,
      errors: [],
      tests: [],
    });
    expect(await service.check(BAD, { kind: "api" })).toMatchObject({
      valid: false,
      errors: [{ code: "unknown_key" }],
    });
    expect(holder.current()).toBe(before);
    expect(store.entries).toHaveLength(1);
  });

  test("what changes only at the next start is a warning", async () => {
    const { service } = world();
    await service.start(FILE_A);
    const report = await service.check(`${FILE_A}storage: sqlite:elsewhere.db`, { kind: "api" });
    expect(report.warnings).toMatchObject([{ code: "restart_needed", path: "storage" }]);
  });
});

describe("rollback", () => {
  test("an older version comes back as a new one", async () => {
    const { service, providers } = world();
    await service.start(FILE_A);
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    expect(await service.rollback(1)).toMatchObject({
      version: 3,
      source: "rollback:1",
      isNewVersion: true,
    });
    expect(providers()).toEqual(["a"]);
    expect(service.current()?.config).toBe(FILE_A);
  });

  test("it follows the rules of where the version came from, also after a restart and twice over", async () => {
    const store = new ListedVersions();
    const text = `providers: { a: { kind: openai, api_key: "\${env:KEY}" } }`;
    const { service, providers } = world(store, { KEY: "sk-one-1" });
    await service.start(text);
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    await service.rollback(1);
    await service.apply(API_C, { source: "api", ifMatch: 3 });
    await service.rollback(3);
    expect(providers()).toEqual(["a"]);
    const again = world(store, { KEY: "sk-one-1" });
    expect(await again.service.start(text)).toMatchObject({
      ok: true,
      version: 5,
      source: "rollback:3",
    });
    expect(again.providers()).toEqual(["a"]);
  });

  test("a version that never was is not found, and a moved one is refused", async () => {
    const { service } = world();
    await service.start(FILE_A);
    expect((await refusal(service.rollback(9))).code).toBe("not_found");
    expect((await refusal(service.rollback(1, 5))).code).toBe("version_moved");
  });
});

describe("secrets", () => {
  const literal = "providers: { a: { kind: openai, api_key: sk-literal-secret } }\n";

  test("stored versions keep references and leave literal secrets out", async () => {
    const { service, store } = world(new ListedVersions(), { KEY: "sk-from-variable" });
    await service.start(literal);
    await service.reload(`providers: { a: { kind: openai, api_key: "\${env:KEY}" } }`);
    const stored = JSON.stringify(store.entries);
    expect(stored).not.toContain("sk-literal-secret");
    expect(stored).not.toContain("sk-from-variable");
    expect(stored).toContain("env:KEY");
  });

  test("a file with a literal secret starts again from the file, and cannot be rolled back to", async () => {
    const store = new ListedVersions();
    await world(store).service.start(literal);
    const { service, holder } = world(store);
    expect(await service.start(literal)).toMatchObject({
      ok: true,
      isNewVersion: false,
      version: 1,
    });
    expect(holder.current()?.providers.get("a")?.credentials[0]?.value?.reveal()).toBe(
      "sk-literal-secret",
    );
    await service.apply(API_C, { source: "api", ifMatch: 1 });
    expect((await refusal(service.rollback(1))).code).toBe("conflict");
  });

  test("without its file, such a version cannot start", async () => {
    const store = new ListedVersions();
    await world(store).service.start(literal);
    const outcome = await world(store).service.start(undefined);
    expect(outcome).toMatchObject({ ok: false, errors: [{ code: "literal_secret" }] });
  });
});

test("versions are listed newest first, without their texts", async () => {
  const { service } = world();
  await service.start(FILE_A);
  await service.apply(API_C, { source: "api", ifMatch: 1 });
  const versions = await service.versions(10);
  expect(versions.map(({ version, source }) => [version, source])).toEqual([
    [2, "api"],
    [1, "file:/etc/sluice.yaml"],
  ]);
  expect(versions[0]).not.toHaveProperty("text");
  expect(await service.versions(1)).toHaveLength(1);
});

test("before the start there is nothing to change", async () => {
  const { service } = world();
  expect((await refusal(service.apply(API_C, { source: "api", ifMatch: 1 }))).code).toBe(
    "overloaded",
  );
});
