// `npm test`: every test that this machine can run, what was skipped and what would enable it.
// Ends with `N passed, N failed`. Arguments are paths or options of `bun test`.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { print, ROOT, runChild } from "./child.ts";
import { addCounts, NO_TESTS, readJunit, summaryLine, type TestCounts } from "./junit.ts";

/** Runs of one process each: tests beside the source need no sockets, the others may take time. */
const RUNS = [
  { folder: "./src", timeoutMs: 10_000 },
  { folder: "./scripts", timeoutMs: 30_000 },
  { folder: "./test", timeoutMs: 60_000 },
];

/** What a machine can have to run more tests. */
const ENABLERS = [
  {
    variable: "SLUICE_CORPUS",
    enables: "recorded provider exchanges; set it to the folder of the corpus",
  },
  {
    variable: "SLUICE_TEST_CLAUDE",
    enables:
      "conversations of the real Claude Code; set it to the binary of @anthropic-ai/claude-code",
  },
  {
    variable: "SLUICE_TEST_CODEX",
    enables: "conversations of the real Codex; set it to the native binary of @openai/codex",
  },
];

async function runTests(given: readonly string[], timeoutMs: number): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const report = join(folder, "report.xml");
  const options = [
    "--only-failures",
    `--timeout=${timeoutMs}`,
    "--reporter=junit",
    `--reporter-outfile=${report}`,
  ];
  try {
    const { code } = await runChild([process.execPath, "test", ...options, ...given]);
    const counts = existsSync(report) ? readJunit(readFileSync(report, "utf8")) : NO_TESTS;
    if (code === 0 || counts.failed > 0) return counts;
    // A file that cannot be loaded fails the run without a test case of its own.
    print(`bun test ${given.join(" ")} ended with code ${code} outside of any test`);
    return { ...counts, failed: counts.failed + 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportSkipped(skipped: readonly string[]): void {
  if (skipped.length === 0) return;
  print(`\n${skipped.length} skipped:`);
  for (const name of skipped) print(`  ${name}`);
  for (const { variable, enables } of ENABLERS) {
    if (!process.env[variable]) print(`${variable} is not set; it enables: ${enables}`);
  }
}

const given = process.argv.slice(2);
let counts = NO_TESTS;
if (given.length > 0) {
  counts = await runTests(given, 60_000);
} else {
  for (const { folder, timeoutMs } of RUNS) {
    if (existsSync(join(ROOT, folder)))
      counts = addCounts(counts, await runTests([folder], timeoutMs));
  }
}
reportSkipped(counts.skipped);
print(summaryLine(counts));
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
