// The real Claude Code command line holds a conversation through the gateway: its own protocol at an
// Anthropic upstream, and the same client with upstreams that speak something else.
//
// Needs the native binary of the npm package `@anthropic-ai/claude-code` at $SLUICE_TEST_CLAUDE.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
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

const BINARY = process.env["SLUICE_TEST_CLAUDE"] ?? "";
const KEY = "claude-code-caller-key-6b2d8f0a4c9e7135";
const SIGNATURE = "c2lnbmF0dXJlIHdpdGggLysgYW5kID09/+==";
const COMMAND = { command: "echo sluice-$((40+2))", description: "Adds" };

/** The virtual model that the client is told to use, and the model behind it. */
const WIRINGS = [
  ["an Anthropic upstream", "straight", "claude-sonnet-4-5"],
  ["an OpenAI upstream", "crossed", "gpt-4.1"],
  ["an OpenAI upstream that reasons", "claude-opus-4-6", "gpt-5"],
  ["a Gemini upstream", "crossed-again", "gemini-2.5-flash"],
  ["Claude on Bedrock", "in-the-cloud", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"],
  ["another model on Bedrock", "crossed-in-the-cloud", "amazon.nova-pro-v1:0"],
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
  readonly result: JsonObject;
  readonly output: string;
}

describe.skipIf(!isExecutable(BINARY))("Claude Code (set SLUICE_TEST_CLAUDE to its binary)", () => {
  let upstream: Upstream;
  let gateway: GatewayProcess;
  let home: string;

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      config: `version: 1
providers:
  ant: { kind: anthropic, base_url: "${upstream.origin}", api_key: claude-code-provider-key }
  oai: { kind: openai, base_url: "${upstream.origin}/v1", api_key: claude-code-provider-key }
  gem: { kind: gemini, base_url: "${upstream.origin}", api_key: claude-code-provider-key }
  bed: { kind: bedrock, base_url: "${upstream.origin}", region: eu-west-1, api_key: some-key }
models:
  straight: { targets: [ant/claude-sonnet-4-5] }
  claude-sonnet-4-5: { targets: [ant/claude-sonnet-4-5] }
  crossed: { targets: [oai/gpt-4.1] }
  # The client thinks only with models whose name it knows.
  claude-opus-4-6: { targets: [oai/gpt-5] }
  crossed-again: { targets: [gem/gemini-2.5-flash] }
  in-the-cloud: { targets: ["bed/eu.anthropic.claude-sonnet-4-5-20250929-v1:0"] }
  crossed-in-the-cloud: { targets: ["bed/amazon.nova-pro-v1:0"] }
  relieved: { targets: [ant/overloaded-model, oai/gpt-4.1] }
  small: { targets: [ant/claude-haiku-4-5] }
tenants:
  developers: {}
keys:
  - { name: laptop, tenant: developers, value: ${KEY} }
prices:
  ant/*: { input: 1, output: 4 }
  oai/*: { input: 1, output: 4 }
  gem/*: { input: 1, output: 4 }
  bed/*: { input: 1, output: 4 }
`,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.stop();
  });
  beforeEach(async () => {
    upstream.clear();
    home = await mkdtemp(join(tmpdir(), "sluice-claude-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  function claude(
    model: string,
    prompt: string,
    more: readonly string[] = [],
    key = KEY,
  ): Promise<Run> {
    const args = ["-p", prompt, "--model", model, "--output-format", "json", ...more];
    const child = spawn(BINARY, [...args, "--allowedTools", "Bash(echo:*)"], {
      cwd: home,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"] ?? "",
        HOME: home,
        ANTHROPIC_BASE_URL: gateway.baseUrl,
        ANTHROPIC_AUTH_TOKEN: key,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: "small",
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        CLAUDE_CODE_MAX_RETRIES: "0",
        DISABLE_AUTOUPDATER: "1",
      },
    });
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
        let result: JsonObject = {};
        try {
          result = asObject(JSON.parse(output)) ?? {};
        } catch {
          // What it printed is shown by the assertion that misses the result.
        }
        resolve({ code, result, output: `${output}\n${errors}` });
      });
    });
  }

  /** Calls the tool once, then answers. */
  function lookingUp(): Behaviour {
    let calls = 0;
    return (request, reply) => {
      calls += 1;
      const toolCalls = [{ id: "toolu_01", name: "Bash", arguments: COMMAND }];
      const reasoning = { text: "I had better compute that.", signature: SIGNATURE };
      const first = answer({ reasoning, text: "Let me look.", toolCalls });
      return (calls === 1 ? first : answer({ text: "It is 42." }))(request, reply);
    };
  }

  describe.each(WIRINGS)("with %s", (_, name, model) => {
    test("runs the tool that the model calls and hands its result back", async () => {
      upstream.always(model, lookingUp());
      const before = await requestsOf(name);
      const { code, result, output } = await claude(name, "What is forty plus two?");
      expect([code, result["result"], output]).toEqual([0, "It is 42.", output]);
      expect(result).toMatchObject({ is_error: false, num_turns: 2 });
      // The client's own count agrees with what was metered.
      expect(asObject(result["usage"])).toMatchObject({ input_tokens: 22, output_tokens: 14 });
      const last = new TextDecoder().decode(upstream.requests.at(-1)?.body);
      expect(last).toContain("sluice-42");
      expect(last).toContain("What is forty plus two?");
      expect(await requestsOf(name)).toBe(before + 2);
      expect(await newest()).toMatchObject({
        outcome: "answered",
        caller: { tenant: "developers", key: "laptop" },
        usage: { input_tokens: 11, output_tokens: 7 },
      });
    });

    test("goes on with a conversation", async () => {
      upstream.always(model, answer({ text: "Noted: the word is heron." }));
      expect((await claude(name, "Remember the word heron.")).code).toBe(0);
      upstream.always(model, answer({ text: "heron" }));
      const { result } = await claude(name, "Which word?", ["--continue"]);
      expect(result["result"]).toBe("heron");
      const last = new TextDecoder().decode(upstream.requests.at(-1)?.body);
      for (const said of ["Remember the word heron.", "Noted: the word is heron.", "Which word?"]) {
        expect(last).toContain(said);
      }
    });
  });

  test("gives a signature back byte for byte", async () => {
    upstream.always("claude-sonnet-4-5", lookingUp());
    // The client thinks only with models whose name it knows.
    await claude("claude-sonnet-4-5", "What is forty plus two?");
    const body = asObject(upstream.requests.at(-1)?.json);
    const turns = asArray(body?.["messages"]).map((each) => asObject(each) ?? {});
    const [turn] = turns.filter(({ role }) => role === "assistant");
    expect(asArray(turn?.["content"])).toMatchObject([
      { type: "thinking", thinking: "I had better compute that.", signature: SIGNATURE },
      { type: "text", text: "Let me look." },
      { type: "tool_use", id: "toolu_01", name: "Bash", input: COMMAND },
    ]);
    expect(upstream.requests.at(-1)?.header("anthropic-beta")).toContain("claude-code");
  });

  test("gives encrypted reasoning of OpenAI back byte for byte", async () => {
    upstream.always("gpt-5", lookingUp());
    await claude("claude-opus-4-6", "What is forty plus two?");
    const last = upstream.requests.at(-1);
    expect(last?.target).toBe("/v1/responses");
    const items = asArray(asObject(last?.json)?.["input"]).map((each) => asObject(each) ?? {});
    const thought = items.findIndex(({ type }) => type === "reasoning");
    expect(items.slice(thought, thought + 4)).toMatchObject([
      { type: "reasoning", encrypted_content: SIGNATURE },
      { role: "assistant", content: "Let me look." },
      { type: "function_call", call_id: "toolu_01", name: "Bash" },
      { type: "function_call_output", call_id: "toolu_01" },
    ]);
  });

  test("does not notice that the first target is overloaded", async () => {
    upstream.always("overloaded-model", overloaded());
    upstream.always("gpt-4.1", answer({ text: "At your service." }));
    const { code, result } = await claude("relieved", "Hello.");
    expect([code, result["result"]]).toEqual([0, "At your service."]);
    const decision = await newest();
    const attempts = asArray(decision["attempts"]).map((each) => asObject(each)?.["target"]);
    expect(attempts).toEqual(["ant/overloaded-model", "oai/gpt-4.1"]);
  });

  test("tells its user what is wrong with a key and with a model", async () => {
    const wrongKey = await claude("straight", "Hello.", [], "not-a-key-of-this-gateway");
    expect(wrongKey.code).not.toBe(0);
    expect(wrongKey.output).toContain("401");
    const unknown = await claude("straihgt", "Hello.");
    expect(unknown.code).not.toBe(0);
    expect(unknown.output).toMatch(/straight|straihgt/);
    expect(upstream.requests).toHaveLength(0);
  });

  async function requestsOf(name: string): Promise<number> {
    const rows = await gateway.usageRows("model");
    return Number(rows.find(({ model }) => asString(model) === name)?.["requests"] ?? 0);
  }

  async function newest(): Promise<JsonObject> {
    const page = asObject(await (await gateway.admin("/decisions?limit=1")).json());
    return asObject(asArray(page?.["data"])[0]) ?? {};
  }
});
