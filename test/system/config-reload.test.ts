// The configuration of a running process: changed by file, by signal and by the admin API; what wins at a
// start; and a bad document, which never replaces a good one.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rename, writeFile } from "node:fs/promises";
import { asArray, asObject, type JsonObject } from "#core/json.ts";
import {
  type GatewayOptions,
  type GatewayProcess,
  startGateway,
} from "#support/gateway-process.ts";
import { answer, closedGate, startUpstream, type Upstream } from "#support/upstream/upstream.ts";

const KEY = "reload-caller-key-4d0b8f6a2c9e7153";
const SECOND_KEY = "reload-second-key-9e5c1a7d3f0b2846";

const BASE = `version: 1
providers:
  demo: { kind: demo }
models:
  assistant: { targets: [demo/echo] }
tenants:
  acme: {}
keys:
  - { name: acme, tenant: acme, value: ${KEY} }
`;
const withModel = (name: string, text = BASE): string =>
  text.replace("models:\n", `models:\n  ${name}: { targets: [demo/echo] }\n`);

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.stop());

async function withGateway(
  options: GatewayOptions,
  work: (gateway: GatewayProcess) => Promise<void>,
): Promise<void> {
  const gateway = await startGateway(options);
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

async function ask(gateway: GatewayProcess, model: string, key = KEY): Promise<number> {
  const reply = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Hello." }] }),
  });
  await reply.arrayBuffer();
  return reply.status;
}

async function inForce(gateway: GatewayProcess): Promise<JsonObject> {
  return asObject(await (await gateway.admin("/config")).json()) ?? {};
}

async function putConfig(gateway: GatewayProcess, config: string): Promise<number> {
  const { version } = await inForce(gateway);
  const reply = await gateway.admin("/config", {
    method: "PUT",
    headers: { "if-match": String(version) },
    body: JSON.stringify({ config }),
  });
  return reply.status;
}

const versionLine = (version: number): RegExp =>
  new RegExp(`"message":"configuration in force"[^\n]*"version":${version}\\b`);

describe("a running gateway", () => {
  test("takes a changed file, and one that replaces it as editors do", () =>
    withGateway({ config: BASE }, async (gateway) => {
      expect(await ask(gateway, "second")).toBe(404);
      await gateway.writeConfig(withModel("second"));
      await gateway.printed(versionLine(2));
      expect(await ask(gateway, "second")).toBe(200);
      await writeFile(`${gateway.configPath}.new`, withModel("third"));
      await rename(`${gateway.configPath}.new`, gateway.configPath);
      await gateway.printed(versionLine(3));
      expect([await ask(gateway, "second"), await ask(gateway, "third")]).toEqual([404, 200]);
      expect(await inForce(gateway)).toMatchObject({
        version: 3,
        source: `file:${gateway.configPath}`,
      });
    }));

  test("takes a change that comes in the moment in which it says that it listens", () =>
    withGateway({ config: BASE }, async (gateway) => {
      await gateway.writeConfig(withModel("second"));
      await gateway.printed(versionLine(2));
      expect(await ask(gateway, "second")).toBe(200);
    }));

  test("on SIGHUP reads again what references stand for, and ends what has lost its key", () =>
    withGateway({ config: BASE }, async (gateway) => {
      const secret = `${gateway.configPath}.key`;
      await writeFile(secret, KEY);
      const config = BASE.replace(
        "demo: { kind: demo }",
        `oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: provider-key-of-reload }`,
      )
        .replaceAll("demo/echo", "oai/gpt-4.1")
        .replace(KEY, `"\${file:${secret}}"`);
      await gateway.writeConfig(config);
      await gateway.printed(versionLine(2));
      expect([
        await ask(gateway, "assistant"),
        await ask(gateway, "assistant", SECOND_KEY),
      ]).toEqual([200, 401]);
      const gate = closedGate();
      upstream.always("gpt-4.1", answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }));
      const running = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "x-api-key": KEY },
        body: JSON.stringify({
          model: "assistant",
          stream: true,
          messages: [{ role: "user", content: "Hello." }],
        }),
      });
      await gate.reached;
      await writeFile(secret, `${SECOND_KEY}\n`);
      gateway.kill("SIGHUP");
      const text = await running.text();
      expect(text).toContain("invalid_key");
      expect(text).not.toContain("[DONE]");
      gate.open();
      upstream.clear();
      expect([
        await ask(gateway, "assistant"),
        await ask(gateway, "assistant", SECOND_KEY),
      ]).toEqual([401, 200]);
    }));

  test("keeps the good document when a bad one comes, says where it is wrong, and takes the next", () =>
    withGateway({ config: BASE }, async (gateway) => {
      const snapshot = (await gateway.admin("/config")).headers.get("etag");
      await gateway.writeConfig(withModel("second").replace("tenants:", "tennants:"));
      const [refusal] = await gateway.printed(/configuration refused[^\n]*error:[^\n]*/);
      expect(refusal).toContain(`${gateway.configPath}:7:1: error:`);
      expect(refusal).toContain("tenants");
      expect([await ask(gateway, "assistant"), await ask(gateway, "second")]).toEqual([200, 404]);
      expect((await gateway.admin("/config")).headers.get("etag")).toBe(snapshot);
      const headers = { authorization: `Bearer ${gateway.adminKey}` };
      const metrics = await (await fetch(`${gateway.baseUrl}/metrics`, { headers })).text();
      expect(metrics).toMatch(/sluice_documents_refused_total\{source="[^"]*"\} 1/);
      await gateway.writeConfig(withModel("second"));
      await gateway.printed(versionLine(2));
      expect(await ask(gateway, "second")).toBe(200);
    }));

  test("lets a stream that runs end under the document that it began with", () =>
    withGateway(
      {
        config: BASE.replace(
          "demo: { kind: demo }",
          `oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: provider-key-of-reload }`,
        ).replaceAll("demo/echo", "oai/gpt-4.1"),
      },
      async (gateway) => {
        upstream.clear();
        const gate = closedGate();
        upstream.always("gpt-4.1", answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }));
        const running = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
          method: "POST",
          headers: { "x-api-key": KEY },
          body: JSON.stringify({
            model: "assistant",
            stream: true,
            messages: [{ role: "user", content: "Hello." }],
          }),
        });
        await gate.reached;
        const before = running.headers.get("x-sluice-snapshot") ?? "";
        await gateway.writeConfig(BASE.replace("assistant", "renamed"));
        await gateway.printed(versionLine(2));
        expect(await ask(gateway, "assistant")).toBe(404);
        gate.open();
        expect(await running.text()).toEndWith("data: [DONE]\n\n");
        const id = running.headers.get("x-sluice-decision") ?? "";
        expect(await gateway.decision(id)).toMatchObject({ outcome: "answered", snapshot: before });
      },
    ));

  test("says that an address needs a restart", () =>
    withGateway({ config: BASE, env: {} }, async (gateway) => {
      await gateway.writeConfig(`server: { listen: 127.0.0.1:1 }\n${BASE}`);
      await gateway.printed(versionLine(2));
      const check = await gateway.admin("/config/check", {
        method: "POST",
        body: JSON.stringify({
          config: "server: { listen: 127.0.0.1:2 }\nproviders: { demo: { kind: demo } }\n",
        }),
      });
      const { warnings } = asObject(await check.json()) ?? {};
      expect(JSON.stringify(warnings)).toContain("server.listen");
      expect(await ask(gateway, "assistant")).toBe(200);
    }));
});

describe("at a start", () => {
  /** Documents sent by API hold no secrets: keys come from the store. */
  const BY_API = withModel("by-api", BASE.slice(0, BASE.indexOf("keys:")));

  test("the last document applied wins, until the file is another", () =>
    withGateway({ config: BASE }, async (gateway) => {
      const made = await gateway.admin("/keys", {
        method: "POST",
        body: '{"name":"stored","tenant":"acme"}',
      });
      const key = String(asObject(await made.json())?.["key"]);
      expect(await putConfig(gateway, BY_API)).toBe(200);
      expect(await ask(gateway, "by-api", key)).toBe(200);
      await gateway.restart();
      expect(await inForce(gateway)).toMatchObject({ version: 2, source: "api" });
      expect(await ask(gateway, "by-api", key)).toBe(200);
      await gateway.writeConfig(withModel("by-file"));
      await gateway.restart();
      expect(await inForce(gateway)).toMatchObject({ version: 3 });
      expect([await ask(gateway, "by-api", key), await ask(gateway, "by-file", key)]).toEqual([
        404, 200,
      ]);
      const versions = asObject(await (await gateway.admin("/config/versions")).json());
      expect(asArray(versions?.["data"]).map((each) => asObject(each)?.["version"])).toEqual([
        3, 2, 1,
      ]);
    }));

  test("an unchanged file does not undo what was rolled back", () =>
    withGateway({ config: BASE }, async (gateway) => {
      expect(await putConfig(gateway, BY_API)).toBe(200);
      const second = BY_API.replace("by-api", "by-api-too");
      expect(await putConfig(gateway, second)).toBe(200);
      const rollback = { method: "POST", body: '{"version":2}' };
      expect((await gateway.admin("/config/rollback", rollback)).status).toBe(200);
      await gateway.restart("SIGKILL");
      expect(await inForce(gateway)).toMatchObject({
        version: 4,
        source: "rollback:2",
        config: BY_API,
      });
    }));

  test.each<[string, string, readonly (string | RegExp)[]]>([
    ["broken YAML", "version: 1\nproviders: [\n", [/sluice\.yaml:\d+:\d+: error:/]],
    ["an unknown key", `${BASE}modles: {}\n`, [/:10:1: error: .*modles.*models/]],
    ["a misspelled provider", BASE.replace("demo/echo", "dmeo/echo"), [/:5:\d+: error:/, "demo"]],
    ["an unknown kind", BASE.replace("kind: demo", "kind: opnai"), [/:3:\d+: error:/, "openai"]],
    ["a wrong type", `server: { keep_alive: 5 }\n${BASE}`, [/:1:\d+: error:/, "keep_alive"]],
    ["a key without an engine", `rules: []\n${BASE}`, [/:1:1: error:/, "not available"]],
    ["two keys of one name", `${BASE}version: 1\n`, [/:10:1: error:/]],
    [
      "a variable that is not set",
      BASE.replace(
        "demo: { kind: demo }",
        `oai: { kind: openai, api_key: "\${env:NOT_SET_HERE}" }`,
      ).replaceAll("demo/echo", "oai/gpt-4.1"),
      [/:3:\d+: error:.*NOT_SET_HERE/, "optional: true"],
    ],
    [
      "a model that loses every target",
      BASE.replace(
        "demo: { kind: demo }",
        `oai: { kind: openai, optional: true, api_key: "\${env:NOT_SET_HERE}" }`,
      ).replaceAll("demo/echo", "oai/gpt-4.1"),
      [/:5:\d+: error:/, "assistant"],
    ],
  ])("%s ends the process with 1, the place and what would be right", async (_, config, told) => {
    const story = await startGateway({ config }).then(
      async (gateway) => {
        await gateway.stop();
        return "It started.";
      },
      (error: unknown) => String(error),
    );
    expect(story).toContain("The gateway ended (1) before it listened.");
    for (const part of told) expect(story).toMatch(part);
    expect(story).not.toContain("    at ");
  });

  test("an optional provider without its variable is left out, with a warning for what loses it", () =>
    withGateway(
      {
        config: BASE.replace(
          "demo: { kind: demo }",
          `demo: { kind: demo }\n  oai: { kind: openai, optional: true, api_key: "\${env:NOT_SET_HERE}" }`,
        ).replace("[demo/echo]", "[oai/gpt-4.1, demo/echo]"),
      },
      async (gateway) => {
        expect(gateway.stderr).toMatch(/sluice\.yaml:4:\d+: warning: .*oai.*NOT_SET_HERE/);
        expect(gateway.stderr).toMatch(/sluice\.yaml:6:\d+: warning: .*assistant/);
        expect(await ask(gateway, "assistant")).toBe(200);
        expect(await ask(gateway, "oai/gpt-4.1")).toBe(404);
      },
    ));

  test.each<[string, number, GatewayOptions, RegExp]>([
    [
      "a file that is not there",
      2,
      { config: undefined, args: ["--config", "/no/such/file.yaml"] },
      /\/no\/such\/file\.yaml/,
    ],
    ["an empty admin key", 1, { config: BASE, env: { SLUICE_ADMIN_KEY: "" } }, /SLUICE_ADMIN_KEY/],
    [
      "a well-known admin key",
      1,
      { config: BASE, env: { SLUICE_ADMIN_KEY: "changeme" } },
      /SLUICE_ADMIN_KEY/,
    ],
    [
      "a well-known secret key",
      1,
      { config: BASE, env: { SLUICE_SECRET_KEY: "password" } },
      /SLUICE_SECRET_KEY/,
    ],
    ["a wrong log format", 2, { config: BASE, env: { SLUICE_LOG: "xml" } }, /SLUICE_LOG/],
    ["an address that is none", 2, { config: BASE, args: ["--listen", "nonsense"] }, /nonsense/],
    [
      "an address that is not ours",
      1,
      { config: BASE, args: ["--listen", "192.0.2.1:80"] },
      /192\.0\.2\.1:80/,
    ],
  ])("%s ends the process with %d", async (_, exitCode, options, told) => {
    const story = await startGateway(options).then(
      async (gateway) => {
        await gateway.stop();
        return "It started.";
      },
      (error: unknown) => String(error),
    );
    expect(story).toContain(`The gateway ended (${exitCode}) before it listened.`);
    expect(story).toMatch(told);
    expect(story).not.toContain("    at ");
  });

  test("a second process on the same data folder is refused", () =>
    withGateway({ config: BASE }, async (gateway) => {
      const env = { SLUICE_DATA_DIR: gateway.dataDir };
      const story = await startGateway({ config: BASE, env }).then(
        async (second) => {
          await second.stop();
          return "It started.";
        },
        (error: unknown) => String(error),
      );
      expect(story).toContain("The gateway ended (1) before it listened.");
      expect(story).toContain(gateway.dataDir);
      expect(await ask(gateway, "assistant")).toBe(200);
    }));
});

describe("at its end", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("%s ends an idle process with 0", async (signal) => {
    await withGateway({ config: BASE }, async (gateway) => {
      expect(await ask(gateway, "assistant")).toBe(200);
      gateway.kill(signal);
      expect(await gateway.exited).toEqual({ code: 0, signal: null });
      await gateway.start();
      expect(await gateway.usageRows("tenant")).toMatchObject([{ tenant: "acme", requests: 1 }]);
    });
  });

  test("a stream that outlasts drain_timeout is told so and ended", async () => {
    upstream.clear();
    const gate = closedGate();
    upstream.always("gpt-4.1", answer({ text: "a b c d" }, { hold: { afterTokens: 2, gate } }));
    const config = `server: { drain_timeout: 50ms }\n${BASE.replace(
      "demo: { kind: demo }",
      `oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: provider-key-of-reload }`,
    ).replaceAll("demo/echo", "oai/gpt-4.1")}`;
    await withGateway({ config }, async (gateway) => {
      const running = await fetch(`${gateway.baseUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "x-api-key": KEY },
        body: JSON.stringify({
          model: "assistant",
          stream: true,
          messages: [{ role: "user", content: "Hello." }],
        }),
      });
      await gate.reached;
      gateway.kill("SIGTERM");
      const text = await running.text();
      expect(text).toContain('"code":"overloaded"');
      expect(text).not.toContain("[DONE]");
      expect(await gateway.exited).toEqual({ code: 0, signal: null });
      gate.open();
      const id = running.headers.get("x-sluice-decision") ?? "";
      await gateway.start();
      expect(await gateway.decision(id)).toMatchObject({
        outcome: "truncated",
        code: "overloaded",
      });
    });
  });
});
