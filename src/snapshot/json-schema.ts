// `sluice.schema.json`: the document's form for editors and other tools.

import type { Json, JsonObject } from "#core/json.ts";
import { PROVIDER_KINDS } from "#providers/list.ts";
import type { Outline } from "./document/outline.ts";
import { documentOutline } from "./document/outline.ts";

/** Text with a reference in it may stand wherever text may stand; its form shows once it is replaced. */
const REFERENCE = { pattern: "\\$\\{(env|file):" };

/** Facts that go into the description. */
const OWN_WORDS: ReadonlySet<string> = new Set(["unit", "fallback", "example", "later", "secret"]);

/** The JSON Schema (draft 2020-12) of the configuration document. */
export function configurationSchema(): JsonObject {
  const { $schema, ...rest } = written(withKinds(documentOutline()));
  return { $schema, title: "Sluice configuration document", ...rest };
}

/** The outline with the kinds that provider files serve. */
export function withKinds(outline: Outline): Outline {
  const providers = outline.properties?.["providers"];
  const entry = providers?.additionalProperties;
  if (providers === undefined || entry === undefined || entry === false) return outline;
  const kind: Outline = {
    ...entry.properties?.["kind"],
    enum: [...PROVIDER_KINDS.keys()],
  };
  const widened = { ...entry, properties: { ...entry.properties, kind } };
  const section = { ...providers, additionalProperties: widened };
  return { ...outline, properties: { ...outline.properties, providers: section } };
}

/** Standard words only; what has no engine yet says so where an editor shows it. */
function written(outline: Outline): JsonObject {
  const { properties, additionalProperties, items, anyOf } = outline;
  const standard = Object.entries(outline).filter(([word]) => !OWN_WORDS.has(word));
  const result: JsonObject = Object.fromEntries(standard) as JsonObject;
  if (outline.example !== undefined) result["examples"] = [outline.example as Json];
  const description = describe(outline);
  if (description !== "") result["description"] = description;
  if (properties !== undefined) {
    const entries = Object.entries(properties).map(([name, member]) => [name, written(member)]);
    result["properties"] = Object.fromEntries(entries) as JsonObject;
  }
  if (additionalProperties) result["additionalProperties"] = written(additionalProperties);
  if (items !== undefined) result["items"] = written(items);
  if (anyOf !== undefined) result["anyOf"] = anyOf.map(written);
  if (outline.pattern !== undefined) {
    delete result["pattern"];
    result["anyOf"] = [{ pattern: outline.pattern }, REFERENCE];
  }
  return result;
}

function describe(outline: Outline): string {
  const { later, unit, fallback } = outline;
  const notes = [
    later === true ? "Not available yet." : "",
    outline.description ?? "",
    unit === undefined ? "" : `In ${unit}.`,
    fallback === undefined ? "" : `Without it: ${fallback}.`,
    Array.isArray(later) ? `Not available yet: ${later.join(", ")}.` : "",
  ];
  return notes.filter((note) => note !== "").join(" ");
}
