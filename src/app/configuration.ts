// How issues of a document are shown.

import type { ConfigIssue } from "#snapshot/document/issue.ts";

/** Issues as people read them: one a line with file, line, column, what is wrong and what to do. */
export function describeIssues(
  name: string,
  issues: readonly ConfigIssue[],
  kind: "error" | "warning" = "error",
): string {
  return issues
    .map(({ line, column, path, message, hint }) => {
      const place = path === "" ? "" : ` (${path})`;
      return `${name}:${line}:${column}: ${kind}: ${message}${hint === "" ? "" : ` ${hint}`}${place}`;
    })
    .join("\n");
}
