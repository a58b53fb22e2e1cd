// The reference page of the admin API, made from the table that serves it.

import { z } from "zod";
import type { AdminRoute } from "#control/api/route.ts";
import { ROUTES } from "#control/api/routes.ts";
import { code, GENERATED, markdownTable } from "./markdown.ts";

/** The parts of a JSON Schema that the page shows. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** docs/reference/admin-api.md */
export function adminApiPage(): string {
  const built = ROUTES.filter(({ response }) => response !== undefined);
  const unbuilt = ROUTES.filter(({ response }) => response === undefined);
  return `${GENERATED}# Admin API

Every call needs \`authorization: Bearer $SLUICE_ADMIN_KEY\`; without it nothing is answered, not even which
paths there are. Errors are \`{"error": {"code", "message", "path", "hint"}}\`. Lists answer
\`{"data": […], "next_cursor": string | null}\`. Times are RFC 3339, money is US dollars as an exact decimal string.
\`GET /admin/v1/openapi.json\` is the same as an OpenAPI document.

${built.map(section).join("\n")}
## Not available yet

${unbuilt.map(({ method, path }) => `- \`${method} ${path}\`\n`).join("")}`;
}

function section(route: AdminRoute): string {
  const { method, path, summary, permission, status, query, body, response } = route;
  const parts = [
    `## \`${method} ${path}\`\n\n${summary} Needs \`${permission}\`; answers ${status}.\n`,
    fields("Query", z.toJSONSchema(query, { io: "input" }) as Schema),
    body === undefined ? "" : fields("Body", jsonSchema(body, "input")),
    response === undefined || status === 204
      ? ""
      : fields("Answer", jsonSchema(response, "output")),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Schema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema;
}

/** A table of the fields; of a list, the fields of its rows. */
function fields(title: string, schema: Schema): string {
  const row = schema.properties?.["data"]?.items;
  const shown = row ?? schema;
  const entries = Object.entries(shown.properties ?? {});
  if (entries.length === 0) return "";
  const head = row === undefined ? title : `${title}, each row`;
  const isAnswer = title === "Answer";
  const columns = ["field", "type", ...(isAnswer ? [] : ["default"]), "meaning"];
  const rows = entries.map(([name, field]) => [
    code(name),
    typeOf(field),
    ...(isAnswer ? [] : [defaultOf(name, field, shown.required ?? [])]),
    field.description ?? "",
  ]);
  return `**${head}**\n\n${markdownTable(columns, rows)}`;
}

function defaultOf(name: string, field: Schema, required: readonly string[]): string {
  if (field.default !== undefined && field.default !== "") return code(`${field.default}`);
  return required.includes(name) ? "required" : "";
}

function typeOf(schema: Schema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(", ");
  if (schema.type === "array") return `list of ${typeOf(schema.items ?? {})}`;
  const names = [schema.type ?? "any"].flat();
  return names.join(" or ");
}
