// A first start that fails, as it does where the port is taken, must not use up what is shown once.

import { afterEach, describe, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewayProcess } from "#support/gateway-process.ts";

const CONFIG = `
version: 1
providers: { demo: { kind: demo } }
models: { assistant: { targets: [demo/echo] } }
`;

const started: GatewayProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const gateway of started.splice(0)) await gateway.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function gatewayOn(dataDir: string, env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), "sluice-first-"));
  folders.push(folder);
  const gateway = new GatewayProcess(folder, {
    config: CONFIG,
    env: { SLUICE_DATA_DIR: dataDir, ...env },
    without: ["SLUICE_ADMIN_KEY", "SLUICE_SECRET_KEY"],
  });
  started.push(gateway);
  await gateway.writeConfig(CONFIG);
  return gateway;
}

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-data-"));
  folders.push(folder);
  return folder;
}

describe("a start whose port is taken", () => {
  test("shows both keys at the next start, and they work", async () => {
    const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const dataDir = await dataFolder();
    const unlucky = await gatewayOn(dataDir, { SLUICE_LISTEN: `127.0.0.1:${taken.port}` });
    await expect(unlucky.start()).rejects.toThrow("another process does. Choose another");
    await taken.stop(true);
    expect(unlucky.stdout).not.toContain("shown once");

    const lucky = await gatewayOn(dataDir);
    await lucky.start();
    await lucky.printed(/Try it/);
    const key = /key +(?<key>sk-sluice-\S+) {2}\(shown once/.exec(lucky.stdout)?.groups?.["key"];
    const admin = /admin key +(?<key>\S+) {2}\(shown once/.exec(lucky.stdout)?.groups?.["key"];
    expect(await statusOf(`${lucky.baseUrl}/v1/models`, key)).toBe(200);
    expect(await statusOf(`${lucky.baseUrl}/admin/v1/keys`, admin)).toBe(200);
    expect((await readFile(join(dataDir, "admin-key"), "utf8")).trim()).toBe(admin ?? "");

    await lucky.restart();
    await lucky.printed(/Try it/);
    expect(lucky.stdout).toContain("key        one that you have");
    expect(lucky.stdout.split("shown once")).toHaveLength(3);
    expect(await statusOf(`${lucky.baseUrl}/admin/v1/keys`, admin)).toBe(200);
  });
});

test.each(["99999", "localhost", ":8080", "127.0.0.1:99999", "127.0.0:80", ""])(
  "the address %p is refused by the name of what gave it",
  async (address) => {
    const gateway = await gatewayOn(await dataFolder(), { SLUICE_LISTEN: address });
    await expect(gateway.start()).rejects.toThrow(
      `SLUICE_LISTEN is ${JSON.stringify(address)}; write host and port`,
    );
  },
);

test("a data folder that cannot be is refused by its name", async () => {
  const gateway = await gatewayOn("/dev/null/data");
  await expect(gateway.start()).rejects.toThrow("The data folder /dev/null/data cannot be written");
});

async function statusOf(url: string, key = ""): Promise<number> {
  return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status;
}
