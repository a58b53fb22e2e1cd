// Reads the counts and the skipped tests out of the JUnit report that `bun test` writes.

/** What a report says. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** `file: suite > test`. */
  readonly skipped: readonly string[];
}

/** Nothing was run. */
export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: [] };

const TEST_CASE = /<testcase\b([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/** Counts the test cases of a report; a case is failed, skipped or passed. */
export function readJunit(xml: string): TestCounts {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const [, attributes = "", inside = ""] of xml.matchAll(TEST_CASE)) {
    if (/<skipped\b/.test(inside)) {
      // Hooks of a skipped suite stand in the report as cases without a name.
      if (attribute(attributes, "name") !== "(unnamed)") skipped.push(caseName(attributes));
    } else if (/<(?:failure|error)\b/.test(inside)) failed += 1;
    else passed += 1;
  }
  return { passed, failed, skipped };
}

/** The counts of two runs together. */
export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: [...left.skipped, ...right.skipped],
  };
}

/** The line that a run ends with, and nothing but these two counts: other programs read it. */
export function summaryLine(counts: TestCounts): string {
  return `${counts.passed} passed, ${counts.failed} failed`;
}

function caseName(attributes: string): string {
  const suite = attribute(attributes, "classname");
  const name = attribute(attributes, "name");
  return `${attribute(attributes, "file")}: ${suite === "" ? name : `${suite} > ${name}`}`;
}

function attribute(attributes: string, name: string): string {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes);
  return (found?.[1] ?? "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
