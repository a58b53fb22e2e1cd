// What a vendor's dialect of JSON schema takes, as data. `convertSchema` makes a schema fit a profile.

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
  /** `keep` = `$ref` and `$defs` are taken; `inline` = each reference is replaced by what it names. */
  readonly references: "keep" | "inline";
  /** What a schema that refers to itself becomes: kept, or refused. Only without `references: keep`. */
  readonly recursion: "keep" | "refuse";
  /** How "or null" is written. */
  readonly nullable: "type-list" | "nullable-keyword" | "any-of";
  /** True: `type` may be a list of several types beside null. */
  readonly hasTypeLists: boolean;
  /** True: `const` is taken; else it becomes an `enum` of one. */
  readonly hasConst: boolean;
  /** True: every object gets `additionalProperties: false`, and what allowed others loses them. */
  readonly isClosed: boolean;
  /** True: every property is required; optional ones may be null instead, and nulls are taken out again. */
  readonly isAllRequired: boolean;
  /** `object` = the root must be an object; another is wrapped in one and unwrapped again. */
  readonly root: "any" | "object";
  /** Names of types are written in upper case (Gemini's Schema). */
  readonly hasUpperCaseTypes?: boolean;
  /** Levels of nesting, properties in all. Beyond: refused. */
  readonly maxDepth?: number;
  readonly maxProperties?: number;
}
