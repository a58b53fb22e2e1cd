// What a vendor's dialect of JSON schema takes, as data. `convertSchema` makes a schema fit a profile.

import type { NameRule } from "../name-rule.ts";

/** The rules of one vendor's dialect of JSON schema. */
export interface SchemaProfile {
  /** For messages: `Gemini`. */
  readonly vendor: string;
  /** Where the rules come from, and when they were checked. */
  readonly source: string;
  readonly date: string;
  /** Keywords that are taken; `all` = every one. Others are lost, with a report. */
  readonly keywords: ReadonlySet<string> | "all";
  /** Values of `format` that are taken. */
  readonly formats: ReadonlySet<string> | "all";
  /** `keep` = `$ref` and definitions are taken; `inline` = a reference is replaced by what it names. */
  readonly references: "keep" | "inline";
  /** What a schema that refers to itself becomes: kept, definitions and all, or refused. */
  readonly recursion: "keep" | "refuse";
  /** True: every object gets `additionalProperties: false`, and what allowed others loses them. */
  readonly isClosed: boolean;
  /** True: every property is required; optional ones may be null instead, and nulls are taken out again. */
  readonly isAllRequired: boolean;
  /**
   * `object` = the root is an object without a choice at its top: a choice of objects becomes one object
   * with all their properties. `wrapped` = any root that is no such object is put into a property of
   * one, and taken out of the answer again.
   */
  readonly root: "any" | "object" | "wrapped";
  /** True: a list must say what is in it, if only that it is anything. */
  readonly needsItems?: true;
  /** Names of the root's properties that are taken; others are changed, and changed back in arguments. */
  readonly propertyNames?: NameRule;
  /** Levels of nesting, properties, and optional properties in all; beyond them the schema is refused. */
  readonly maxDepth?: number;
  readonly maxProperties?: number;
  readonly maxOptional?: number;
}
