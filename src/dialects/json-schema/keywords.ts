// Which keywords of JSON schema hold schemas, and which say nothing about what is valid.

/** Keywords with one schema as their value. */
export const SINGLE = new Set([
  "items",
  "additionalProperties",
  "additionalItems",
  "contains",
  "not",
  "propertyNames",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
  "contentSchema",
]);

/** Keywords with a list of schemas; `items` may be one, too, in old drafts. */
export const LISTED = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);

/** Keywords with schemas by name. */
export const NAMED = new Set(["properties", "patternProperties", "dependentSchemas"]);

/** Definitions: schemas by name that hold only where something refers to them. */
export const DEFINITIONS = new Set(["$defs", "definitions"]);

/** Keywords whose loss changes nothing and that nobody reads. */
export const SILENT = new Set(["$schema", "$id", "id", "$comment", "$anchor", "title"]);

/** Keywords that say nothing about what is valid; all that is unknown counts as one of them. */
export const ANNOTATIONS = new Set([
  ...SILENT,
  "description",
  "default",
  "examples",
  "example",
  "deprecated",
  "readOnly",
  "writeOnly",
  "contentEncoding",
  "contentMediaType",
  "propertyOrdering",
]);

/** Every keyword that a standard names. */
export const KNOWN: ReadonlySet<string> = new Set([
  ...SINGLE,
  ...LISTED,
  ...NAMED,
  ...ANNOTATIONS,
  "type",
  "enum",
  "const",
  "required",
  "format",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minContains",
  "maxContains",
  "minProperties",
  "maxProperties",
  "dependencies",
  "dependentRequired",
  "nullable",
]);
