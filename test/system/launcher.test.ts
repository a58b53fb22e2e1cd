// The launcher: becomes the program, from any folder, and lets nothing of that folder in.

import { afterAll, describe, expect, test } from "bun:test";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PROJECT = resolve(import.meta.dir, "../..");
const PROBE = ["--run", "test/system/launcher-probe.ts"];
const folder = mkdtempSync(join(tmpdir(), "sluice-launcher-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, "bunfig.toml"), 'preload = ["./planted.ts"]\n');
writeFileSync(join(folder, "planted.ts"), 'process.stdout.write("planted code ran\\n");\n');
writeFileSync(join(folder, ".env"), "PLANTED=yes\n");
symlinkSync(join(PROJECT, "bin/sluice"), join(folder, "first"));
symlinkSync("first", join(folder, "second"));

interface Started {
  readonly child: ChildProcess;
  readonly line: string;
  readonly exited: Promise<number | null>;
}

/** Starts a program in the hostile folder and waits for its first line. */
async function launch(program: string, words: readonly string[]): Promise<Started> {
  const { BUN_CONFIG_MAX_HTTP_REQUESTS: _, ...env } = process.env;
  const child = spawn(program, words, { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return { child, exited, line: text.split("\n")[0] ?? "" };
}

describe("bin/sluice", () => {
  test("becomes the program: same process, signals arrive, its exit code is the answer", async () => {
    const { child, line, exited } = await launch("./second", [...PROBE, "a b", "--flag"]);
    expect(JSON.parse(line)).toEqual({
      pid: child.pid ?? 0,
      words: ["a b", "--flag"],
      connections: "65336",
    });
    child.kill("SIGTERM");
    expect(await exited).toBe(7);
  });

  test("runs under a plain POSIX shell too", async () => {
    const { child, line, exited } = await launch("sh", [join(PROJECT, "bin/sluice"), ...PROBE]);
    expect(JSON.parse(line).pid).toBe(child.pid);
    child.kill("SIGTERM");
    expect(await exited).toBe(7);
  });

  test("is the command line without further words of its own", async () => {
    const { line, exited } = await launch("./first", ["version"]);
    expect(line).toStartWith("sluice ");
    expect(await exited).toBe(0);
  });
});

describe("bin/sluice.mjs", () => {
  test("passes words, signals and the exit code on", async () => {
    const twin = join(PROJECT, "bin/sluice.mjs");
    const { child, line, exited } = await launch("node", [twin, ...PROBE, "a b"]);
    expect(JSON.parse(line)).toMatchObject({ words: ["a b"], connections: "65336" });
    expect(JSON.parse(line).fromDotEnv).toBeUndefined();
    child.kill("SIGTERM");
    expect(await exited).toBe(7);
  });
});
