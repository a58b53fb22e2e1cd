// Reference pages that are one table or a few: errors, headers, metrics.

import { REASONS } from "#core/decision.ts";
import { ERRORS } from "#core/errors.ts";
import { CREDENTIAL_HEADERS, type HeaderRow, RESPONSE_HEADERS } from "#gateway/headers-table.ts";
import { UNAVAILABLE_HEADERS } from "#gateway/stages/wishes.ts";
import { METRICS } from "#telemetry/metric-table.ts";
import { code, GENERATED, markdownTable } from "./markdown.ts";

/** docs/reference/errors.md */
export function errorsPage(): string {
  const errors = Object.entries(ERRORS).map(([name, row]) => [
    code(name),
    `${row.status}`,
    row.source,
    row.retry,
    row.when,
    row.hint,
  ]);
  const vendors = Object.entries(ERRORS).map(([name, row]) => [
    code(name),
    code(row.openaiType),
    code(row.anthropicType),
    code(row.geminiStatus),
  ]);
  const reasons = Object.entries(REASONS).map(([name, text]) => [code(name), text]);
  return `${GENERATED}# Errors

Every error is JSON in the caller's own dialect and carries its code, in the body and in \`x-sluice-error\`.

${markdownTable(["code", "HTTP", "at fault", "retry", "when", "what to do"], errors)}
## In the dialects

The vendors' own lists are closed, so each code also maps to one of their types. \`upstream_rejected\` has the
status that the upstream gave.

${markdownTable(["code", "OpenAI `type`", "Anthropic `type`", "Gemini `status`"], vendors)}
## Reasons of a decision

They stand in \`route[].because\` and \`rejected[].because\` of a decision record.

${markdownTable(["code", "meaning"], reasons)}`;
}

/** docs/reference/headers.md */
export function headersPage(): string {
  const columns = ["header", "when", "meaning", "example"];
  return `${GENERATED}# Headers

## On answers

The headers of a stream leave with its first byte. When that is a keep-alive, they hold only the decision, the
request id and the snapshot; what is known later stands in the decision record.

${markdownTable(columns, RESPONSE_HEADERS.map(headerCells))}
## Credentials on requests

A key may also come as \`?key=\`. Two different credentials in one call are refused.

${markdownTable(columns, CREDENTIAL_HEADERS.map(headerCells))}
## Wishes on requests

Not available yet, and refused as \`not_available\`: ${UNAVAILABLE_HEADERS.map(code).join(", ")}.

Any other request header that begins with \`x-sluice-\` is refused as \`invalid_request\` with the nearest name, so that
a wish that was misspelt never looks granted.
`;
}

/** docs/reference/metrics.md */
export function metricsPage(): string {
  const rows = Object.values(METRICS).map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(", "),
    help,
  ]);
  return `${GENERATED}# Metrics

\`GET /metrics\` answers in the text format 0.0.4 of Prometheus. It needs the admin key unless
\`server.metrics\` is \`public\`. A label whose values have reached their bound counts new ones as \`other\`;
\`none\` stands where an exchange has no such thing.

${markdownTable(["metric", "type", "labels", "meaning"], rows)}`;
}

function headerCells({ name, when, meaning, example }: HeaderRow): string[] {
  return [code(name), when, meaning, code(example)];
}
