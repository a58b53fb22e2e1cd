// What reaches outside has one home: the runtime, the environment, time, chance, the console.

import { describe, expect, test } from "bun:test";
import { lineOf } from "./source-text.ts";
import { parseSource, type SourceFile, sourceFiles } from "./source-tree.ts";

/** What the test runner's own files may name. */
const TEST_MAY_USE = ["Bun"];

/** A pattern of blanked code and the layers that may hold it. */
interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly homes: readonly string[];
}

const BANS: readonly Ban[] = [
  { what: "Bun", pattern: /(?<![\w.$])Bun\s*\./g, homes: ["platform"] },
  { what: "process.env", pattern: /\bprocess\s*\.\s*env\b/g, homes: ["app"] },
  { what: "process.exit", pattern: /\bprocess\s*\.\s*exit\b/g, homes: ["app", "cli"] },
  { what: "console", pattern: /(?<![\w.$#])console\s*\./g, homes: [] },
  {
    what: "the wall clock",
    pattern: /\bDate\s*\.\s*now\b|\bnew Date\(\s*\)/g,
    homes: ["platform"],
  },
  {
    what: "the steady clock",
    pattern: /\bperformance\s*\.\s*now\b|\bhrtime\b/g,
    homes: ["platform"],
  },
  {
    what: "timers",
    pattern: /(?<![\w.$#])set(?:Timeout|Interval)\b/g,
    homes: ["platform"],
  },
  {
    what: "timeout signals",
    pattern: /\bAbortSignal\s*\.\s*timeout\b/g,
    homes: ["platform", "cli"],
  },
  {
    what: "chance",
    pattern: /\bMath\s*\.\s*random\b|\brandomUUID\b|\bgetRandomValues\b|\brandomBytes\b/g,
    homes: ["platform"],
  },
  { what: "fetch", pattern: /(?<![\w.$#])fetch\s*\(/g, homes: ["platform", "cli"] },
  { what: "eval", pattern: /(?<![\w.$#])eval\s*\(|\bnew Function\b/g, homes: [] },
];

function findings(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) =>
    BANS.filter(({ homes }) => !homes.includes(file.layer))
      .filter(({ what }) => !(file.isTest && TEST_MAY_USE.includes(what)))
      .flatMap(({ what, pattern }) =>
        [...file.code.matchAll(pattern)].map(
          (match) => `${file.path}:${lineOf(file.text, match.index)} uses ${what}`,
        ),
      ),
  );
}

describe("calls with one home", () => {
  test("the runtime, environment, clocks, timers, chance, console and network stay at home", () => {
    expect(findings(sourceFiles())).toEqual([]);
  });

  test("modules of the runtime are imported by the platform alone, its test runner by tests", () => {
    const strays = sourceFiles().flatMap((file) =>
      file.imports
        .filter(({ specifier }) => specifier.startsWith("bun"))
        .filter(({ specifier }) => !(file.isTest && specifier === "bun:test"))
        .filter(() => file.layer !== "platform")
        .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  test("a banned call is found, its mention in a comment or string is not", () => {
    const text = '// Date.now()\nconst a = "Math.random()";\nconst b = Date.now();\n';
    expect(findings([parseSource("src/gateway/x.ts", text)])).toEqual([
      "src/gateway/x.ts:3 uses the wall clock",
    ]);
  });
});
