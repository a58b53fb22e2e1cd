// What ships is small and written down: every production dependency has its line of reasons.

import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, sourceFiles } from "./source-tree.ts";

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The production dependencies that were decided for. */
const ALLOWED = ["@cfworker/json-schema", "commander", "kysely", "yaml", "zod"];

test("production dependencies are the ones that were decided for", () => {
  expect(Object.keys(manifest.dependencies).sort()).toEqual(ALLOWED);
  for (const name of Object.keys(manifest.optionalDependencies)) {
    expect(name).toStartWith("@oven/bun-");
  }
});

test("every production dependency has its line in the decisions", () => {
  const path = join(ROOT, "docs/decisions/dependencies.md");
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const missing = ALLOWED.filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test("versions are exact", () => {
  const all = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  const loose = all
    .flatMap(Object.entries)
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
  expect(loose).toEqual([]);
});

test("the lock file names no registry", () => {
  const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  expect(lock).not.toContain('"resolved"');
});

test("source imports no development dependency", () => {
  const strays = sourceFiles()
    .filter(({ isTest }) => !isTest)
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ specifier }) => specifier in manifest.devDependencies)
        .map(({ specifier }) => `${path} imports ${specifier}`),
    );
  expect(strays).toEqual([]);
});

test("the validator of answers is imported by its thread alone", () => {
  const importers = (path: string) =>
    sourceFiles().filter(
      ({ isTest, imports }) => !isTest && imports.some((found) => found.path === path),
    );
  const users = sourceFiles().filter(({ imports }) =>
    imports.some(({ specifier }) => specifier === "@cfworker/json-schema"),
  );
  expect(users.map(({ path }) => path)).toEqual(["src/dialects/json-schema/validate.ts"]);
  const [only, ...others] = importers("src/dialects/json-schema/validate.ts");
  expect([only?.path, others.length]).toEqual(["src/app/answer-checker-thread.ts", 0]);
  // A thread's module is started, never imported: nothing of it is on the event loop.
  expect(importers("src/app/answer-checker-thread.ts")).toEqual([]);
});
