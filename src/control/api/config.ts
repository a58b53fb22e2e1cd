// Resource "config": the configuration document, its checks and its versions.

import { z } from "zod";
import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { JsonObject } from "#core/json.ts";
import type { DocumentVersion } from "#core/ports/document-store.ts";
import type { ConfigIssue } from "#snapshot/document/issue.ts";
import type { CurrentDocument } from "../documents/document-service.ts";
import type { DocumentDesk } from "./admin-dependencies.ts";
import { TIME_TEXT, timeText } from "./fields.ts";
import { cutPage, PAGE_QUERY, pageOf } from "./pages.ts";
import { type AdminResult, type AdminRoute, NO_BODY, NO_QUERY, route } from "./route.ts";

const MOST_VERSIONS = 10_000;

const DOCUMENT = z.strictObject({ config: z.string().describe("The document as YAML text.") });

const CURRENT = z.object({
  config: z.string().describe("As it is stored: literal secrets are blotted out."),
  version: z.number().int(),
  source: z.string(),
});

const ISSUE = z.object({
  code: z.string(),
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  hint: z.string(),
});

const APPLIED = CURRENT.extend({ warnings: z.array(ISSUE) });

const head = { reach: "installation", status: 200 } as const;

const getConfig = route({
  ...head,
  id: "getConfig",
  method: "GET",
  path: "/admin/v1/config",
  permission: "admin:read",
  summary: "The document in force.",
  query: NO_QUERY,
  body: NO_BODY,
  response: CURRENT,
  async handle(_, { documents }) {
    return answer(inForce(documents));
  },
});

const putConfig = route({
  ...head,
  id: "putConfig",
  method: "PUT",
  path: "/admin/v1/config",
  permission: "admin:write",
  summary: "Puts a document in force, or refuses it whole. Needs `if-match: <version>`.",
  query: NO_QUERY,
  body: DOCUMENT,
  response: APPLIED,
  async handle({ body, headers }, { documents }) {
    const expected = expectedVersion(headers);
    if (expected === undefined) {
      throw invalidRequest("if-match", "Send the version that you changed as `if-match`.");
    }
    const { warnings } = await documents.apply(body.config, { source: "api", ifMatch: expected });
    return answer({ ...inForce(documents), warnings: warnings.map(issueView) });
  },
});

const checkConfig = route({
  ...head,
  id: "checkConfig",
  method: "POST",
  path: "/admin/v1/config/check",
  permission: "admin:read",
  summary: "Says what is wrong with a document and changes nothing.",
  query: NO_QUERY,
  body: DOCUMENT,
  response: z.object({
    valid: z.boolean(),
    errors: z.array(ISSUE),
    warnings: z.array(ISSUE),
    tests: z.array(z.unknown()).describe("Policy tests; empty until they are available."),
  }),
  async handle({ body }, { documents }) {
    const { valid, errors, warnings, tests } = await documents.check(body.config, { kind: "api" });
    return {
      body: {
        valid,
        errors: errors.map(issueView),
        warnings: warnings.map(issueView),
        tests: [...tests],
      },
    };
  },
});

const listVersions = route({
  ...head,
  id: "listConfigVersions",
  method: "GET",
  path: "/admin/v1/config/versions",
  permission: "admin:read",
  summary: "Versions of the document, newest first.",
  query: z.strictObject(PAGE_QUERY),
  body: NO_BODY,
  response: pageOf(
    z.object({
      version: z.number().int(),
      hash: z.string(),
      source: z.string(),
      applied_at: TIME_TEXT,
    }),
  ),
  async handle({ query }, { documents }) {
    const rows = await documents.versions(MOST_VERSIONS);
    const page = cutPage(rows, query, ({ version }) => `${version}`, versionView);
    return { body: { ...page, data: [...page.data] } };
  },
});

const rollbackConfig = route({
  ...head,
  id: "rollbackConfig",
  method: "POST",
  path: "/admin/v1/config/rollback",
  permission: "admin:write",
  summary: "Puts an earlier version in force again, as a new version. Takes `if-match: <version>`.",
  query: NO_QUERY,
  body: z.strictObject({ version: z.number().int().min(1) }),
  response: APPLIED,
  async handle({ body, headers }, { documents }) {
    const { warnings } = await documents.rollback(body.version, expectedVersion(headers));
    return answer({ ...inForce(documents), warnings: warnings.map(issueView) });
  },
});

/** Routes of the resource. */
export const CONFIG_ROUTES: readonly AdminRoute[] = [
  getConfig,
  putConfig,
  checkConfig,
  listVersions,
  rollbackConfig,
];

/** The version in `if-match`, bare or as an entity tag; undefined without the header. */
function expectedVersion(headers: Headers): number | undefined {
  const text = headers.get("if-match");
  if (text === null) return undefined;
  const version = /^\s*"?(\d{1,12})"?\s*$/.exec(text)?.[1];
  if (version === undefined) throw invalidRequest("if-match", "`if-match` must be one version.");
  return Number(version);
}

function inForce(documents: DocumentDesk): CurrentDocument {
  const current = documents.current();
  if (current === undefined) throw new GatewayError("not_found", "No document is in force yet.");
  return current;
}

function answer(body: CurrentDocument & { readonly warnings?: JsonObject[] }): AdminResult {
  return { body: { ...body }, headers: { etag: `"${body.version}"` } };
}

function versionView(entry: Omit<DocumentVersion, "text">): JsonObject {
  const { version, hash, source, appliedAt } = entry;
  return { version, hash, source, applied_at: timeText(appliedAt) };
}

function issueView({ code, path, line, column, message, hint }: ConfigIssue): JsonObject {
  return { code, path, line, column, message, hint };
}
