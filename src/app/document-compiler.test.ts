// The thread that validates documents gives what a compilation here would give.

import { afterEach, describe, expect, test } from "bun:test";
import { compileDocument } from "#snapshot/compile.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import { fakeClock } from "#support/fake-clock.ts";
import { COMPILE_SETTINGS } from "./compile-settings.ts";
import { DocumentCompiler } from "./document-compiler.ts";

const TEXT = `
providers:
  openai:
    kind: openai
    api_keys: [{ id: a, value: "sk-upstream-a-0123456789" }, { id: b, value: "\${env:PATH}", weight: 2 }]
    headers: { X-Extra: "1" }
  claude: { kind: anthropic, api_key: "sk-upstream-c-0123456789", optional: true }
  lost: { kind: gemini, api_key: "\${env:SLUICE_TEST_UNSET}", optional: true }
models:
  assistant: { targets: [openai/gpt-5-mini, claude/claude-haiku-4-5], first_token_timeout: 7s }
plans: { standard: { models: [assistant] }, none: { models: [] } }
tenants: { acme: { plan: standard, projects: { chatbot: {} } } }
keys: [{ name: bot, tenant: acme, project: chatbot, tags: [web], value: "a-key-of-24-characters-or-more" }]
prices: { openai/gpt-5-mini: { input: 0.123456, output: 9 } }
`;
const REQUEST = { origin: { kind: "file", path: "/sluice.yaml" }, nowMs: 0, version: 3 } as const;

const clock = fakeClock();
const compiler = new DocumentCompiler(clock);
afterEach(() => compiler.stop());

function here(text: string, storagePath = "data/x.db") {
  return compileDocument(text, {
    ...COMPILE_SETTINGS,
    ...REQUEST,
    defaultStoragePath: storagePath,
  });
}

/** What of a snapshot is plain data: functions are as new in each as the closures that they are. */
function dataOf(snapshot: Snapshot) {
  const { rates, providersKnowing, capabilities, providers, ...data } = snapshot;
  const entries = [...providers].map(([name, { serves, ...entry }]) => [name, entry] as const);
  return { ...data, providers: new Map(entries) };
}

/** What the rest of it answers. */
const QUESTIONS: readonly ((snapshot: Snapshot) => unknown)[] = [
  ({ rates }) => rates("openai", "gpt-5-mini", 0),
  (snapshot) => snapshot.providersKnowing("gpt-5-mini"),
  ({ capabilities }) => capabilities("openai", "gpt-5-mini"),
];

describe("a document compiler", () => {
  test("gives the snapshot that a compilation here gives, secrets and prices included", async () => {
    const there = await compiler.compile(TEXT, REQUEST, "data/x.db");
    const expected = here(TEXT);
    if (!there.ok || !expected.ok) throw new Error("the document should be right");
    expect(there.publicText).toBe(expected.publicText);
    expect(there.warnings).toEqual(expected.warnings);
    expect(dataOf(there.snapshot)).toEqual(dataOf(expected.snapshot));
    for (const ask of QUESTIONS) expect(ask(there.snapshot)).toEqual(ask(expected.snapshot));
    const revealed = (snapshot: typeof there.snapshot) =>
      [...snapshot.providers.values()].flatMap(({ credentials }) =>
        credentials.map(({ value }) => value?.reveal()),
      );
    expect(revealed(there.snapshot)).toEqual(revealed(expected.snapshot));
    expect(revealed(there.snapshot)).toContain(process.env["PATH"] ?? "");
    expect(there.snapshot.keys[0]?.value.reveal()).toBe("a-key-of-24-characters-or-more");
    expect(Object.isFrozen(there.snapshot.providers)).toBe(true);
  });

  test("refuses with the same issues, and warns of what the next start changes", async () => {
    const bad = "providers: { a: { kind: dem } }\nmodles: {}\n";
    expect(await compiler.compile(bad, REQUEST, "data/x.db")).toEqual(here(bad));
    const good = here("providers: { a: { kind: demo } }");
    if (!good.ok) throw new Error("the document should be right");
    const moved = "providers: { a: { kind: demo } }\nserver: { listen: 127.0.0.1:9 }\n";
    const request = { ...REQUEST, startedWith: good.snapshot };
    const outcome = await compiler.compile(moved, request, "elsewhere.db");
    expect(outcome.warnings.map(({ code, path }) => [code, path])).toEqual([
      ["restart_needed", "storage"],
      ["restart_needed", "server.listen"],
    ]);
  });

  test("lets its thread go when nothing comes, and starts another for the next document", async () => {
    const outcomes = [await compiler.compile(TEXT, REQUEST, "data/x.db")];
    clock.advance(5_000);
    outcomes.push(await compiler.compile(TEXT, REQUEST, "data/x.db"));
    const both = [1, 2].map(() => compiler.compile(TEXT, REQUEST, "data/x.db"));
    outcomes.push(...(await Promise.all(both)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true]);
  });
});
