// What the launcher does in a fresh clone: it installs, and launchers that come together do so in turn.

import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const PROJECT = resolve(import.meta.dir, "../..");
const folder = mkdtempSync(join(tmpdir(), "sluice-install-"));
const clone = join(folder, "clone");
const tools = join(folder, "tools");
const journal = join(folder, "npm-calls");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Stands in for npm: takes its time, fails when another is at it, and "installs" this project's Bun. */
const NPM = `#!/bin/sh
echo "begin $*" >> "${journal}"
mkdir "${folder}/busy" || { echo together >> "${journal}"; exit 1; }
rm -rf node_modules
sleep 0.5
mkdir node_modules
ln -s "${PROJECT}/node_modules/@oven" node_modules/@oven
touch node_modules/.package-lock.json
rmdir "${folder}/busy"
echo end >> "${journal}"
`;

beforeEach(() => {
  rmSync(clone, { recursive: true, force: true });
  rmSync(journal, { force: true });
  mkdirSync(clone, { recursive: true });
  mkdirSync(tools, { recursive: true });
  cpSync(join(PROJECT, "bin"), join(clone, "bin"), { recursive: true });
  writeFileSync(join(clone, "package-lock.json"), "{}\n");
  writeFileSync(join(clone, "hello.ts"), 'process.stdout.write("hello\\n");\n');
  writeFileSync(join(tools, "npm"), NPM);
  chmodSync(join(tools, "npm"), 0o755);
});

async function launch(program: string, ...words: string[]): Promise<string> {
  const env = { ...process.env, PATH: `${tools}${delimiter}${process.env["PATH"]}` };
  const child = spawn(program, [...words, "--run", "hello.ts"], { cwd: folder, env });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  const code = await new Promise((done) => child.once("close", done));
  return `${code} ${text}`;
}

const calls = (): string[] => readFileSync(journal, "utf8").trim().split("\n");

const LAUNCHERS: [string, () => [string, ...string[]]][] = [
  ["bin/sluice", () => [join(clone, "bin/sluice")]],
  ["bin/sluice.mjs", () => ["node", join(clone, "bin/sluice.mjs")]],
];

describe.each(LAUNCHERS)("%s in a fresh clone", (_name, words) => {
  test("installs once, however many start together, and leaves no trace of its turn", async () => {
    const ended = await Promise.all([1, 2, 3].map(() => launch(...words())));
    expect(ended).toEqual(["0 hello\n", "0 hello\n", "0 hello\n"]);
    expect(calls()).toEqual(["begin ci --include=dev --include=optional --loglevel=error", "end"]);
    expect(existsSync(join(clone, ".install-turn"))).toBe(false);
  });

  test("does not wait for a launcher that was killed at its turn", async () => {
    mkdirSync(join(clone, ".install-turn"));
    writeFileSync(join(clone, ".install-turn/pid"), `${await pidOfTheDead()}\n`);
    expect(await launch(...words())).toBe("0 hello\n");
    expect(calls()).toHaveLength(2);
  });

  test("says so when the installation fails, and the next launcher has its turn", async () => {
    writeFileSync(join(tools, "npm"), `#!/bin/sh\necho failed >> "${journal}"\nexit 1\n`);
    expect(await launch(...words())).toBe("1 ");
    expect(existsSync(join(clone, ".install-turn"))).toBe(false);
    writeFileSync(join(tools, "npm"), NPM);
    expect(await launch(...words())).toBe("0 hello\n");
  });

  test("installs nothing where all is there", async () => {
    mkdirSync(join(clone, "node_modules"));
    symlinkSync(join(PROJECT, "node_modules/@oven"), join(clone, "node_modules/@oven"));
    writeFileSync(join(clone, "node_modules/.package-lock.json"), "{}\n");
    expect(await launch(...words())).toBe("0 hello\n");
    expect(existsSync(journal)).toBe(false);
  });
});

async function pidOfTheDead(): Promise<number> {
  const child = spawn("true");
  await new Promise((done) => child.once("close", done));
  return child.pid ?? 0;
}
