// The report of a test run is read right: a wrong count would hide failures.

import { expect, test } from "bun:test";
import { readJunit, summaryLine } from "../../scripts/junit.ts";

const XML = `<?xml version="1.0"?><testsuites><testsuite name="a">
  <testcase name="works" classname="suite" file="src/a.test.ts" />
  <testcase name="breaks" file="src/a.test.ts"><failure type="AssertionError" /></testcase>
  <testcase name="waits &quot;long&quot;" classname="s &gt; t" file="src/b.test.ts">
    <skipped />
  </testcase>
</testsuite></testsuites>`;

test("passed, failed and skipped cases are told apart", () => {
  const counts = readJunit(XML);
  expect(counts.passed).toBe(1);
  expect(counts.failed).toBe(1);
  expect(counts.skipped).toEqual(['src/b.test.ts: s > t > waits "long"']);
});

test("the summary is the two counts alone, because other programs read it", () => {
  expect(summaryLine(readJunit(XML))).toBe("1 passed, 1 failed");
});
