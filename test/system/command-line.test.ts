// The command line as people and scripts run it: against a running gateway and without one, with the exit
// codes of the contract and JSON where it was asked for.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";

const LAUNCHER = resolve(import.meta.dir, "../../bin/sluice");
const KEY = "command-caller-key-7b3d9f1a5c0e2846";
const CONFIG = `version: 1
providers:
  demo: { kind: demo }
models:
  assistant: { targets: [demo/echo] }
tenants:
  acme: { projects: { bot: {} } }
keys:
  - { name: acme, tenant: acme, value: ${KEY} }
prices:
  demo/echo: { input: 2.5, output: 10 }
`;
const BY_API = CONFIG.slice(0, CONFIG.indexOf("keys:"));

let gateway: GatewayProcess;
let folder: string;
beforeAll(async () => {
  gateway = await startGateway({ config: CONFIG });
  folder = await mkdtemp(join(tmpdir(), "sluice-commands-"));
});
afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function sluice(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(LAUNCHER, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      SLUICE_URL: gateway.adminUrl,
      SLUICE_ADMIN_KEY: gateway.adminKey,
      ...env,
    },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    err += bytes.toString();
  });
  return new Promise((end) => {
    child.once("close", (code) => end({ code, out, err }));
  });
}

/** The JSON that a command prints, having ended well. */
async function json(args: readonly string[]): Promise<JsonObject> {
  const { code, out, err } = await sluice([...args, "--json"]);
  expect([code, err]).toEqual([0, ""]);
  return asObject(JSON.parse(out)) ?? {};
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function ask(key: string): Promise<number> {
  const reply = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-api-key": key },
    body: JSON.stringify({ model: "assistant", messages: [{ role: "user", content: "Hello." }] }),
  });
  await reply.arrayBuffer();
  return reply.status;
}

describe("with a running gateway", () => {
  test("keys are made, listed, rotated and revoked, and callers feel it", async () => {
    const made = await sluice([
      ...["keys", "create", "--name", "laptop", "--tenant", "acme", "--project", "bot"],
      ...["--tag", "a", "b", "--model", "assistant"],
    ]);
    expect(made.code).toBe(0);
    // The key alone stands on standard output, so that a script can take it.
    expect(made.out).toMatch(/^sk-sluice-\w+\n$/);
    const key = made.out.trim();
    expect(await ask(key)).toBe(200);

    const list = asArray((await json(["keys", "list", "--tenant", "acme"]))["data"]);
    const [row] = list.map((each) => asObject(each) ?? {});
    expect(row).toMatchObject({
      name: "laptop",
      project: "bot",
      tags: ["a", "b"],
      status: "active",
    });
    const id = String(row?.["id"]);
    const table = await sluice(["keys", "list"]);
    expect(table.out).toContain(id);
    expect(table.out).toContain("laptop");
    expect(table.out).not.toContain(key);

    const rotated = await json(["keys", "rotate", id, "--grace", "1h"]);
    const second = String(rotated["key"]);
    expect([await ask(key), await ask(second)]).toEqual([200, 200]);
    const revoked = await sluice(["keys", "revoke", id]);
    expect([revoked.code, await ask(key), await ask(second)]).toEqual([0, 401, 401]);
    const again = await sluice(["keys", "revoke", "no-such-key"]);
    expect([again.code, again.out]).toEqual([1, ""]);
    expect(again.err).toContain("not_found");
  });

  test("a key for a model that nobody has is made with a warning that names the nearest", async () => {
    const args = ["keys", "create", "--name", "typo", "--tenant", "acme", "--model", "assistent"];
    const { code, out, err } = await sluice(args);
    expect([code, out.startsWith("sk-sluice-")]).toEqual([0, true]);
    expect(err).toContain("warning: Nothing is called `assistent`. Did you mean `assistant`?");
  });

  test("usage is reported as JSON and as a table", async () => {
    expect(await ask(KEY)).toBe(200);
    const [row] = asArray((await json(["usage", "--group-by", "tenant,model"]))["data"]).map(
      (each) => asObject(each) ?? {},
    );
    expect(row).toMatchObject({ tenant: "acme", model: "assistant", errors: 0 });
    const table = await sluice(["usage", "--group-by", "tenant", "--from", "24h"]);
    expect(table.code).toBe(0);
    expect(table.out).toMatch(/tenant\s+requests/);
    expect(table.out).toContain("acme");
    const wrong = await sluice(["usage", "--group-by", "colour"]);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain("group_by");
  });

  test("documents are applied, listed and rolled back, and refused with the place", async () => {
    const path = await file("new.yaml", BY_API.replace("assistant:", "helper:"));
    const applied = await json(["config", "apply", path]);
    expect(applied).toMatchObject({ version: 2, source: "api" });
    const bad = await file("bad.yaml", BY_API.replace("models:", "modles:"));
    const refused = await sluice(["config", "apply", bad]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("modles");
    expect(refused.err).toContain("models");
    const moved = await sluice(["config", "apply", path, "--if-match", "1"]);
    expect([moved.code, moved.err.includes("version_moved")]).toEqual([1, true]);
    expect((await json(["config", "rollback", "2"]))["version"]).toBe(3);
    const versions = asArray((await json(["config", "versions"]))["data"]);
    expect(versions.map((each) => asObject(each)?.["version"])).toEqual([3, 2, 1]);
    const nothing = await sluice(["config", "rollback", "77"]);
    expect(nothing.code).toBe(1);
    // The file takes over again for the tests that follow.
    await gateway.writeConfig(`${CONFIG}\n`);
    await gateway.printed(/"in_force":4|"version":4/);
  });

  test("doctor finds it well", async () => {
    const { code, out } = await sluice(["doctor", "--config", gateway.configPath]);
    expect(out).toMatch(/ok\s+gateway/);
    expect(out).toMatch(/ok\s+admin key/);
    expect(code).toBe(0);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ["no admin key", { SLUICE_ADMIN_KEY: "" }, /SLUICE_ADMIN_KEY/],
    [
      "a wrong admin key",
      { SLUICE_ADMIN_KEY: "wrong-admin-key-0000" },
      /invalid_key|SLUICE_ADMIN_KEY/,
    ],
    ["nobody listening", { SLUICE_URL: "http://127.0.0.1:1" }, /127\.0\.0\.1:1/],
    ["an address that is none", { SLUICE_URL: "nonsense" }, /nonsense/],
  ])("with %s a command says so, and prints no key", async (_, env, told) => {
    const { code, out, err } = await sluice(["keys", "list"], env);
    expect([1, 2]).toContain(code ?? 0);
    expect(out).toBe("");
    expect(err).toMatch(told);
    expect(err).not.toContain("    at ");
    expect(err).not.toContain("wrong-admin-key-0000");
  });

  test("--url wins over the environment", async () => {
    const args = ["keys", "list", "--json", "--url", gateway.adminUrl];
    expect((await sluice(args, { SLUICE_URL: "http://127.0.0.1:1" })).code).toBe(0);
  });
});

describe("without a gateway", () => {
  test("check says that a document is right, and 0", async () => {
    const path = await file("good.yaml", CONFIG);
    expect(await json(["check", path])).toMatchObject({ valid: true, errors: [], tests: [] });
    const { code, out } = await sluice(["check", "--config", path]);
    expect([code, out.includes("0 errors")]).toEqual([0, true]);
  });

  test("check says where a document is wrong and what would be right, and 1", async () => {
    const path = await file("wrong.yaml", CONFIG.replace("tenants:", "tennants:"));
    const { code, out } = await sluice(["check", path]);
    expect(code).toBe(1);
    expect(out).toMatch(/wrong\.yaml:6:1: error: .*tennants.*tenants/);
    const machine = await sluice(["check", path, "--json"]);
    expect(machine.code).toBe(1);
    const [issue] = asArray(asObject(JSON.parse(machine.out))?.["errors"]);
    expect(asObject(issue)).toMatchObject({ line: 6, column: 1, path: "tennants" });
  });

  test("check finds ./sluice.yaml, and without one there is nothing wrong", async () => {
    expect((await sluice(["check"])).code).toBe(0);
    const path = await file("sluice.yaml", "version: 9\n");
    const { code, out } = await sluice(["check"]);
    expect([code, out.includes("sluice.yaml:1:10")]).toEqual([1, true]);
    await rm(path);
    expect((await sluice(["check", "no-such-file.yaml"])).code).toBe(2);
  });

  test("check --schema prints the JSON Schema that is shipped", async () => {
    const { code, out } = await sluice(["check", "--schema"]);
    expect(code).toBe(0);
    const shipped = await Bun.file(resolve(import.meta.dir, "../../sluice.schema.json")).json();
    expect(JSON.parse(out)).toEqual(shipped);
  });

  test("start names the program on each line that tells an error, and ends with 1", async () => {
    const path = await file("twice.yaml", "modles: {}\nservr: {}\n");
    const { code, err } = await sluice(["start", "--config", path]);
    expect(code).toBe(1);
    const lines = err.trimEnd().split("\n");
    expect(lines.filter((line) => line.includes("twice.yaml:")).length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toStartWith("sluice: ");
  });

  test("models and prices are those of the configuration", async () => {
    const path = await file("models.yaml", CONFIG);
    const models = asArray((await json(["models", "--config", path]))["data"]);
    expect(models.map((each) => asObject(each)?.["model"])).toContain("assistant");
    const [price] = asArray((await json(["prices", "demo/echo", "--config", path]))["data"]);
    expect(asObject(price)).toMatchObject({ model: "demo/echo", input: "2.5", output: "10" });
    const { out } = await sluice(["prices", "--config", path]);
    expect(out).toMatch(/demo\/echo\s+2\.5/);
  });

  test("version is told", async () => {
    const { version } = await Bun.file(resolve(import.meta.dir, "../../package.json")).json();
    expect(await json(["version"])).toMatchObject({ sluice: version });
    expect((await sluice(["--version"])).out).toContain(version);
  });

  test.each([
    [["explain"]],
    [["test"]],
    [["replay"]],
    [["ledger", "verify"]],
    [["init"]],
    [["connect"]],
    [["logs", "tail"]],
  ])("%p is not available yet: 2", async (args) => {
    const { code, out, err } = await sluice(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("not_available");
  });

  test.each([
    [["nonsense"]],
    [["keys"]],
    [["keys", "create"]],
    [["start", "--nonsense"]],
    [["keys", "rotate", "x"]],
    [["start", "--listen", "nonsense"]],
    [["start", "--log", "loud"]],
    [["start", "--config", "no-such-file.yaml"]],
    [["usage", "--from", "last week"]],
  ])("%p is wrong usage: 2", async (args) => {
    const { code, out, err } = await sluice(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).not.toBe("");
    expect(err).not.toContain("    at ");
  });
});
