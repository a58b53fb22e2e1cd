// The real Codex command line holds a conversation through the gateway: its own protocol at an OpenAI
// upstream, and the same client with upstreams that speak something else.
//
// Needs the native binary of the npm package `@openai/codex` at $SLUICE_TEST_CODEX.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";
import {
  answer,
  type Behaviour,
  overloaded,
  startUpstream,
  type Upstream,
} from "#support/upstream/upstream.ts";

const BINARY = process.env["SLUICE_TEST_CODEX"] ?? "";
const KEY = "codex-caller-key-6b2d8f0a4c9e71350f1d";
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";
const COMMAND = { cmd: "echo sluice-$((40+2))" };
const MOST_MS = 60_000;

/** The virtual model that the client is told to use, and the model behind it. */
const WIRINGS = [
  ["an OpenAI upstream", "straight", "gpt-5"],
  ["an upstream that speaks chat", "house-model", "some-model"],
  ["an Anthropic upstream", "crossed", "claude-sonnet-4-5"],
  ["a Gemini upstream", "crossed-again", "gemini-2.5-flash"],
] as const;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

interface Run {
  readonly code: number | null;
  /** What the client reports, line by line. */
  readonly events: readonly JsonObject[];
  readonly output: string;
}

describe.skipIf(!isExecutable(BINARY))("Codex (set SLUICE_TEST_CODEX to its binary)", () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;
  let home: string;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      config: `version: 1
providers:
  oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: codex-provider-key }
  house: { kind: openai-compatible, base_url: "${upstream.origin}/v1", api_key: codex-provider-key }
  ant: { kind: anthropic, base_url: "${upstream.origin}", api_key: codex-provider-key }
  gem: { kind: gemini, base_url: "${upstream.origin}", api_key: codex-provider-key }
models:
  straight: { targets: [oai/gpt-5] }
  house-model: { targets: [house/some-model] }
  crossed: { targets: [ant/claude-sonnet-4-5] }
  crossed-again: { targets: [gem/gemini-2.5-flash] }
  relieved: { targets: [oai/overloaded-model, ant/claude-sonnet-4-5] }
tenants:
  developers: {}
keys:
  - { name: laptop, tenant: developers, value: ${KEY} }
unpriced_models: allow
`,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.stop();
  });
  beforeEach(async () => {
    upstream.clear();
    home = await mkdtemp(join(tmpdir(), "sluice-codex-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  async function codex(model: string, prompt: string, key = KEY, more = ""): Promise<Run> {
    const config = `model = "${model}"
model_provider = "sluice"
web_search = "disabled"
[model_providers.sluice]
name = "Sluice"
base_url = "${gateway.baseUrl}/v1"
env_key = "SLUICE_KEY"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
${more}
`;
    await writeFile(join(home, "config.toml"), config);
    const args = ["exec", "--skip-git-repo-check", "--json", "-s", "danger-full-access", prompt];
    const child = spawn(BINARY, args, {
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", HOME: home, CODEX_HOME: home, SLUICE_KEY: key },
    });
    const ended = setTimeout(() => child.kill(), MOST_MS);
    let output = "";
    let errors = "";
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      errors += bytes.toString();
    });
    return new Promise((resolve) => {
      child.once("close", (code) => {
        clearTimeout(ended);
        const lines = output.split("\n").filter((line) => line.startsWith("{"));
        const events = lines.map((line) => asObject(JSON.parse(line)) ?? {});
        resolve({ code, events, output: `${output}\n${errors}` });
      });
    });
  }

  /** Calls the tool once, then answers. */
  function lookingUp(): Behaviour {
    let calls = 0;
    return (request, reply) => {
      calls += 1;
      const toolCalls = [{ id: "call_01", name: "exec_command", arguments: COMMAND }];
      const reasoning = { text: "I had better compute that.", signature: SIGNATURE };
      const first = answer({ reasoning, text: "Let me look.", toolCalls });
      return (calls === 1 ? first : answer({ text: "It is 42." }))(request, reply);
    };
  }

  describe.each(WIRINGS)("with %s", (_, name, model) => {
    test(
      "runs the tool that the model calls and hands its result back",
      async () => {
        upstream.always(model, lookingUp());
        const { code, events, output } = await codex(name, "What is forty plus two?");
        expect([code, output]).toEqual([0, output]);
        expect(texts(events, "agent_message")).toEqual(["Let me look.", "It is 42."]);
        expect(texts(events, "reasoning")).toEqual(["I had better compute that."]);
        // The client's own count agrees with what was metered.
        const last = events.at(-1);
        expect(asObject(last?.["usage"])).toMatchObject({ input_tokens: 22, output_tokens: 14 });
        const sent = JSON.stringify(upstream.requests.at(-1)?.json);
        expect(sent).toContain("sluice-42");
        expect(sent).toContain("What is forty plus two?");
        expect(sent.includes(SIGNATURE)).toBe(name !== "house-model");
        expect(sent).not.toContain("sluice.v1.");
        expect(await newest()).toMatchObject({
          outcome: "answered",
          caller: { tenant: "developers", key: "laptop" },
          usage: { input_tokens: 11, output_tokens: 7 },
        });
      },
      MOST_MS,
    );
  });

  test(
    "does not notice that the first target is overloaded",
    async () => {
      upstream.always("overloaded-model", overloaded());
      upstream.always("claude-sonnet-4-5", answer({ text: "At your service." }));
      const { code, events } = await codex("relieved", "Hello.");
      expect([code, texts(events, "agent_message")]).toEqual([0, ["At your service."]]);
      const attempts = asArray((await newest())["attempts"]);
      expect(attempts.map((each) => asObject(each)?.["target"])).toEqual([
        "oai/overloaded-model",
        "ant/claude-sonnet-4-5",
      ]);
    },
    MOST_MS,
  );

  test(
    "stays with HTTP when its WebSocket is refused",
    async () => {
      upstream.always("gpt-5", answer({ text: "At your service." }));
      const { code, events } = await codex("straight", "Hello.", KEY, "supports_websockets = true");
      expect([code, texts(events, "agent_message")]).toEqual([0, ["At your service."]]);
      expect(upstream.requests.map(({ target }) => target)).toEqual(["/v1/responses"]);
    },
    MOST_MS,
  );

  test(
    "tells its user what is wrong with a key",
    async () => {
      const { code, output } = await codex("straight", "Hello.", "not-a-key-of-this-gateway");
      expect(code).not.toBe(0);
      expect(output).toContain("401");
      expect(upstream.requests).toHaveLength(0);
    },
    MOST_MS,
  );

  async function newest(): Promise<JsonObject> {
    const page = asObject(await (await gateway.admin("/decisions?limit=1")).json());
    return asObject(asArray(page?.["data"])[0]) ?? {};
  }
});

/** The texts of the finished items of one type. */
function texts(events: readonly JsonObject[], type: string): string[] {
  return events.flatMap((event) => {
    const item = asObject(event["item"]);
    if (event["type"] !== "item.completed" || item?.["type"] !== type) return [];
    return [asString(item["text"]) ?? ""];
  });
}
