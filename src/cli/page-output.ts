// Prints a page of a list as the admin API gave it.

import { asArray, asObject, type JsonObject } from "#core/json.ts";
import { type CommandContext, type GlobalOptions, printResult } from "./context.ts";
import { plainText, table } from "./terminal-text.ts";

/** Prints the columns of each row; says how to go on when there is another page. */
export function printPage(
  context: CommandContext,
  options: GlobalOptions,
  page: JsonObject,
  columns: readonly string[],
): void {
  printResult(context, options, {
    json: page,
    text: () => {
      const rows = asArray(page["data"]).map((row) =>
        columns.map((name) => plainText(asObject(row)?.[name])),
      );
      const more = page["next_cursor"];
      const hint = typeof more === "string" ? `more: --cursor ${plainText(more)}\n` : "";
      return table(columns, rows) + hint;
    },
  });
}

/** A query string out of the fields that are given. */
export function queryText(fields: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(name, `${value}`);
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
