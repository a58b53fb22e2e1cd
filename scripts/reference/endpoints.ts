// The reference page of the paths that callers use, out of the route table.

import { PROBES } from "#app/front-door.ts";
import { GatewayError } from "#core/errors.ts";
import { listedRoutes, matchRoute } from "#gateway/routes.ts";
import { code, GENERATED, markdownTable } from "./markdown.ts";

const ALIAS = /^\/(?:openai|anthropic|gemini)\//;

/** docs/reference/endpoints.md */
export function endpointsPage(): string {
  const own = listedRoutes().filter(({ path }) => !ALIAS.test(path));
  const served = own.flatMap((row) => {
    const what = servedAs(row);
    const method = row.path.startsWith("/passthrough/") ? "as listed" : code(row.method);
    return what === undefined ? [] : [[method, code(row.path), what]];
  });
  const unbuilt = own.filter((row) => servedAs(row) === undefined);
  return `${GENERATED}# Endpoints

Every call needs a key of Sluice, in one of the [headers](headers.md) that vendors' clients use. \`{model}\` may hold
slashes, plain or encoded. The operator's paths are in the page of the [admin API](admin-api.md).

${markdownTable(["method", "path", "answers"], served)}
\`/openai/v1/…\`, \`/anthropic/v1/…\`, \`/gemini/v1beta/…\` and \`/gemini/v1/…\` are the same paths, for clients
that only let one change the host. Lists of models that vendors share a path for come in Anthropic's form to who
sends \`anthropic-version\`, in Gemini's to Google's own clients (\`x-goog-api-client\`).

${PROBES.map(code).join(", ")} answer \`GET\` and \`HEAD\` without a key, \`/metrics\` with the admin key unless
\`server.metrics\` is \`public\`.

## Not available yet

${unbuilt.map(({ path }) => `- ${code(path)}\n`).join("")}`;
}

/** Undefined: refused with `not_available`. */
function servedAs(row: { readonly method: string; readonly path: string }): string | undefined {
  try {
    const route = matchRoute(row.method, row.path.replace("{model}", "name"), new Headers());
    if (route.kind === "call") return `\`${route.operation}\`, dialect \`${route.dialect}\``;
    const what = route.model === "" ? "the models of the key" : "one of them";
    return `${what}, dialect \`${route.dialect}\``;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "not_available") return undefined;
    throw error;
  }
}
