// Markdown out of rows.

/** The first line of every generated page. */
export const GENERATED =
  "<!-- Made by `npm run generate` from the sources; a test compares them. -->\n";

/** A table; bars and line breaks in cells are made harmless. */
export function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |\n`;
  return line(columns) + line(columns.map(() => "---")) + rows.map(line).join("");
}

/** Text as code, empty when there is none. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
