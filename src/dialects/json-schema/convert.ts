// A JSON schema made to fit what a vendor takes. What is valid stays valid unless the report says
// `narrowed`; the order of properties stays.

import { GatewayError } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import type { SchemaLoss } from "#core/schema-loss.ts";
import { definitionsOf, renamed, withoutDefinitions } from "./definitions.ts";
import { describeLost } from "./describe.ts";
import { everySchema, isModern, modernized } from "./draft.ts";
import { Effort, EffortSpent } from "./effort.ts";
import { ANNOTATIONS, DEFINITIONS, LISTED, NAMED, SILENT, SINGLE } from "./keywords.ts";
import { LossReport } from "./loss.ts";
import { mergeSchemas } from "./merge.ts";
import { orNull } from "./nullable.ts";
import type { SchemaProfile } from "./profile.ts";
import { badNames, renamedProperties } from "./property-names.ts";
import { recursiveReferences, resolveReference } from "./references.ts";
import { fitRoot, isPlainRoot } from "./root.ts";

/** A schema as a vendor takes it, and what became of it on the way. */
export interface ConvertedSchema {
  readonly schema: JsonObject;
  readonly losses: readonly SchemaLoss[];
  /** Losses beyond those that are listed. */
  readonly unlisted: number;
  /** True when an answer that the vendor held to `schema` may still be wrong by the original. */
  readonly isWidened: boolean;
  /** True when some values that the original allows cannot be said any more. */
  readonly isNarrowed: boolean;
  /** True when the value stands in a property of an object. */
  readonly isWrapped: boolean;
  /** True when nulls may stand for properties that were left out. */
  readonly hasNulls: boolean;
  /** Names of the root's properties as they were written -> as the caller wrote them. */
  readonly propertyNames: Readonly<Record<string, string>>;
}

/** No schema may be nested deeper, or hold more once its references are resolved. */
const MOST_LEVELS = 100;
const MOST_NODES = 20_000;
const MOST_HOPS = 32;

/**
 * Converts a schema.
 * @param effort shared by all schemas of a request
 * @throws GatewayError `unsupported_feature` when the vendor cannot be given it at all
 */
export function convertSchema(
  schema: JsonObject,
  profile: SchemaProfile,
  effort = new Effort(),
): ConvertedSchema {
  if (fitsAlready(schema, profile)) return asItIs(schema);
  try {
    return new Converter(schema, profile, effort).run();
  } catch (thrown) {
    if (thrown instanceof EffortSpent) throw refusal(profile, "schemas that stand for so much");
    throw thrown;
  }
}

/** Most tools of most calls: nothing but the root has to be looked at. */
function fitsAlready(schema: JsonObject, profile: SchemaProfile): boolean {
  const { keywords, formats, references, recursion, isClosed, isAllRequired, root } = profile;
  const takesAll = keywords === "all" && formats === "all";
  const keepsAll = references === "keep" && recursion === "keep" && !isClosed && !isAllRequired;
  if (!takesAll || !keepsAll || (root !== "any" && !isPlainRoot(schema))) return false;
  const isFit = (part: JsonObject) =>
    isModern(part) && (profile.needsItems !== true || !isBareList(part));
  return everySchema(schema, isFit) && badNames(schema, profile).length === 0;
}

/** A list that does not say what is in it. */
function isBareList({ type, items, prefixItems }: JsonObject): boolean {
  const isList = type === "array" || (Array.isArray(type) && type.includes("array"));
  return isList && items === undefined && prefixItems === undefined;
}

function asItIs(schema: JsonObject): ConvertedSchema {
  const nothing = { isWidened: false, isNarrowed: false, isWrapped: false, hasNulls: false };
  return { schema, losses: [], unlisted: 0, ...nothing, propertyNames: {} };
}

/** Where in the schema something stands. */
interface Spot {
  readonly place: string;
  readonly depth: number;
}

class Converter {
  readonly #root: JsonObject;
  readonly #profile: SchemaProfile;
  readonly #effort: Effort;
  readonly #report = new LossReport();
  readonly #recursive: ReadonlySet<string>;
  /** Recursive references that are kept -> the name of their definition. */
  readonly #kept = new Map<string, string>();
  #nodes = 0;
  #properties = 0;
  #optional = 0;
  #hasNulls = false;

  constructor(root: JsonObject, profile: SchemaProfile, effort: Effort) {
    this.#root = root;
    this.#profile = profile;
    this.#effort = effort;
    effort.allow(root);
    const recursive = recursiveReferences(root, effort);
    if (recursive === undefined) throw this.#refusal("a schema with so many references");
    this.#recursive = recursive;
  }

  run(): ConvertedSchema {
    const opened = this.#openRoot();
    const fitted = fitRoot(opened, this.#profile.root, {
      merged: (schema) => this.#mergedAll(this.#resolved(schema, "", false), ""),
      lost: (keyword, effect) => this.#report.add("", keyword, effect),
    });
    const converted = this.#schema(fitted.schema, { place: "", depth: 0 });
    const whole = this.#withDefinitions(isJsonObject(converted) ? converted : {});
    const { schema, propertyNames } = renamedProperties(whole, this.#profile);
    const { maxProperties, maxOptional } = this.#profile;
    if (maxProperties !== undefined && this.#properties > maxProperties) {
      throw this.#refusal(`a schema with more than ${maxProperties} properties`);
    }
    if (maxOptional !== undefined && this.#optional > maxOptional) {
      throw this.#refusal(`a schema with more than ${maxOptional} optional properties`);
    }
    const { losses, unlisted, isWidened, isNarrowed } = this.#report;
    const effects = { isWidened, isNarrowed, isWrapped: fitted.isWrapped };
    return { schema, losses, unlisted, ...effects, hasNulls: this.#hasNulls, propertyNames };
  }

  /** A root that is only a reference is replaced by what it names, also where references are kept. */
  #openRoot(): JsonObject {
    if (this.#profile.root === "any" || typeof this.#root["$ref"] !== "string") return this.#root;
    return this.#resolved(this.#root, "", true);
  }

  #schema(value: Json, spot: Spot): Json {
    const { place, depth } = spot;
    if (!isJsonObject(value)) return this.#bare(value, place);
    this.#nodes += 1;
    this.#effort.spend(1);
    const deepest = Math.min(this.#profile.maxDepth ?? MOST_LEVELS, MOST_LEVELS);
    if (depth > deepest) throw this.#refusal(`a schema with more than ${deepest} levels`);
    if (this.#nodes > MOST_NODES) throw this.#refusal("a schema of this size");
    const schema = modernized(this.#flattened(value, place), (keyword) => {
      this.#report.add(place, keyword, ANNOTATIONS.has(keyword) ? "hint" : "widened");
    });
    const reference = schema["$ref"];
    if (typeof reference === "string") this.#checkKept(reference);
    const members = new Map<string, Json>();
    const lost: [string, Json][] = [];
    for (const [keyword, member] of Object.entries(schema)) {
      if (member === undefined) continue;
      const written = this.#member(keyword, member, spot);
      if (written !== undefined) members.set(keyword, written);
      else if (!DEFINITIONS.has(keyword)) lost.push([keyword, member]);
    }
    if (lost.length > 0) this.#lose(lost, schema, members, spot);
    if (isObjectSchema(schema)) this.#fitObject(schema, members, place);
    if (this.#profile.needsItems === true && isBareList(schema)) members.set("items", {});
    return Object.fromEntries(members);
  }

  /** `true` and `false` as schemas, and what is no schema at all, which the vendor may judge. */
  #bare(value: Json, place: string): Json {
    if (this.#profile.keywords === "all" || typeof value !== "boolean") return value;
    if (value === false) this.#report.add(place, "false", "widened");
    return {};
  }

  /** One keyword as it is sent; undefined when it is not. */
  #member(keyword: string, member: Json, spot: Spot): Json | undefined {
    if (!this.#takes(keyword, member)) return undefined;
    const at = spot.place === "" ? keyword : `${spot.place}.${keyword}`;
    const depth = spot.depth + 1;
    const inner = (value: Json, index: number) =>
      this.#schema(value, { place: `${at}[${index}]`, depth });
    if (keyword === "additionalProperties" && typeof member === "boolean") return member;
    if (SINGLE.has(keyword) && !Array.isArray(member)) {
      return this.#schema(member, { place: at, depth });
    }
    if (Array.isArray(member) && (LISTED.has(keyword) || keyword === "items")) {
      return member.map(inner);
    }
    if (!isJsonObject(member) || !(NAMED.has(keyword) || DEFINITIONS.has(keyword))) {
      // What is referred to a thousand times is written a thousand times.
      this.#effort.spend(1 + this.#effort.sizeOf(member));
      return member;
    }
    const entries = Object.entries(member);
    if (keyword === "properties") this.#properties += entries.length;
    return Object.fromEntries(
      entries.map(([name, value], index) => [name, inner(value ?? {}, index)]),
    );
  }

  #takes(keyword: string, member: Json): boolean {
    const { keywords, formats, references } = this.#profile;
    if (DEFINITIONS.has(keyword)) return references === "keep";
    if (keyword === "$ref") return true;
    if (keyword === "format" && formats !== "all") {
      return typeof member === "string" && formats.has(member);
    }
    return keywords === "all" || keywords.has(keyword);
  }

  /** Reports what is not sent, says it in words where that helps, and mends what relied on it. */
  #lose(
    lost: readonly [string, Json][],
    schema: JsonObject,
    members: Map<string, Json>,
    spot: Spot,
  ): void {
    for (const [keyword, value] of lost) {
      if (keyword === "const") members.set("enum", [value]);
      else if (SILENT.has(keyword)) continue;
      else if (keyword === "oneOf") this.#loseOneOf(value, members, spot);
      else if (keyword === "prefixItems") this.#loseTuple(schema, members, spot);
      else {
        const effect = ANNOTATIONS.has(keyword) ? "hint" : "widened";
        this.#report.add(spot.place, keyword, effect);
        // What a lost pattern let in must not be shut out by what stood beside it.
        const hasCompany = keyword === "patternProperties" && !this.#profile.isClosed;
        if (hasCompany) members.delete("additionalProperties");
      }
    }
    const described = describeLost(lost, members.get("description"));
    if (described !== undefined && this.#takes("description", "")) {
      members.set("description", described);
    }
  }

  /** One of several becomes any of them: choices of schemas seldom overlap. */
  #loseOneOf(choices: Json, members: Map<string, Json>, spot: Spot): void {
    const written = members.has("anyOf") ? undefined : this.#member("anyOf", choices, spot);
    if (written !== undefined) members.set("anyOf", written);
    this.#report.add(spot.place, "oneOf", "widened");
  }

  /** Items by position become a choice for every position. */
  #loseTuple(schema: JsonObject, members: Map<string, Json>, spot: Spot): void {
    const rest = schema["items"];
    members.delete("items");
    if (rest === false || isJsonObject(rest)) {
      const choices = [...asArray(schema["prefixItems"]), ...(rest === false ? [] : [rest])];
      const anyOf = this.#member("anyOf", choices, spot);
      if (anyOf !== undefined) members.set("items", { anyOf });
    }
    this.#report.add(spot.place, "prefixItems", "widened");
  }

  #fitObject(schema: JsonObject, members: Map<string, Json>, place: string): void {
    const properties = members.get("properties");
    const required = new Set(asArray(schema["required"]));
    const named = isJsonObject(properties) ? Object.keys(properties) : [];
    this.#optional += named.filter((name) => !required.has(name)).length;
    if (this.#profile.isClosed) {
      const others = schema["additionalProperties"];
      // An object that names no properties may hold any; one that names none of them holds none.
      const isOpen = others === undefined ? properties === undefined : others !== false;
      if (isOpen) this.#report.add(place, "additionalProperties", "narrowed");
      members.set("additionalProperties", false);
    }
    if (!this.#profile.isAllRequired) return;
    const all = Object.entries(isJsonObject(properties) ? properties : {}).map(
      ([name, value]): [string, Json] => {
        if (required.has(name) || value === undefined) return [name, value ?? {}];
        this.#hasNulls = true;
        return [name, orNull(value)];
      },
    );
    members.set("properties", Object.fromEntries(all));
    members.set("required", named);
  }

  /** References and `allOf` resolved, as far as the profile wants that. */
  #flattened(given: JsonObject, place: string): JsonObject {
    const schema = this.#mustResolve(given) ? this.#resolved(given, place, false) : given;
    const isTaken = schema["allOf"] === undefined || this.#takes("allOf", []);
    return isTaken ? schema : this.#mergedAll(schema, place);
  }

  /** Vendors with a list of keywords take nothing beside a `$ref`. */
  #mustResolve(given: JsonObject): boolean {
    if (given["$ref"] === undefined) return false;
    if (this.#profile.references === "inline") return true;
    const isAlone = Object.keys(given).every((key) => key === "$ref" || DEFINITIONS.has(key));
    return this.#profile.keywords !== "all" && !isAlone;
  }

  #mergedAll(given: JsonObject, place: string): JsonObject {
    const { allOf, ...rest } = given;
    let schema: JsonObject = rest;
    for (const member of asArray(allOf)) {
      if (!isJsonObject(member)) continue;
      this.#effort.spend(1);
      const resolved = this.#mergedAll(this.#resolved(member, place, false), place);
      if (typeof resolved["$ref"] === "string") this.#report.add(place, "allOf", "widened");
      else schema = this.#merged(schema, resolved, place);
    }
    return schema;
  }

  /**
   * The schema that a reference names, with what stands beside it.
   * @param isRoot also a recursive reference is followed, once
   */
  #resolved(given: JsonObject, place: string, isRoot: boolean): JsonObject {
    let schema = given;
    for (let hops = 0; typeof schema["$ref"] === "string"; hops += 1) {
      const { $ref: reference, ...beside } = schema;
      if (hops > MOST_HOPS) throw this.#refusal("a reference that leads back to itself");
      if (this.#recursive.has(String(reference)) && !(isRoot && hops === 0)) {
        if (this.#profile.recursion === "refuse") throw this.#refusal("a schema within itself");
        for (const keyword of Object.keys(beside)) {
          if (!ANNOTATIONS.has(keyword)) this.#report.add(place, keyword, "widened");
        }
        return { ...definitionsOf(beside), $ref: reference };
      }
      const target = resolveReference(this.#root, String(reference));
      if (target === undefined) throw this.#refusal("a reference that leads nowhere");
      schema = isJsonObject(target) ? this.#merged(target, beside, place) : beside;
    }
    return schema;
  }

  #merged(base: JsonObject, other: JsonObject, place: string): JsonObject {
    return mergeSchemas(base, other, {
      effort: this.#effort,
      lost: (keyword) => {
        this.#report.add(place, keyword, ANNOTATIONS.has(keyword) ? "hint" : "widened");
      },
    });
  }

  #checkKept(reference: string): void {
    const { references, recursion } = this.#profile;
    if (recursion === "refuse" && this.#recursive.has(reference)) {
      throw this.#refusal("a schema within itself");
    }
    if (references === "inline" && !this.#kept.has(reference)) {
      this.#kept.set(reference, reference);
    }
  }

  /** Definitions of the recursive references that could not be written out. */
  #withDefinitions(schema: JsonObject): JsonObject {
    if (this.#kept.size === 0) return schema;
    const definitions = new Map<string, Json>();
    const names = new Map<string, string>();
    // Converting one definition may keep further references; a Map goes on over what is added.
    for (const reference of this.#kept.keys()) {
      const name = `recursive_${names.size + 1}`;
      names.set(reference, name);
      const target = resolveReference(this.#root, reference) ?? {};
      const spot = { place: `$defs.${name}`, depth: 1 };
      definitions.set(name, this.#schema(withoutDefinitions(target), spot));
    }
    const whole = { ...schema, $defs: Object.fromEntries(definitions) };
    return renamed(whole, names) as JsonObject;
  }

  #refusal(what: string): GatewayError {
    return refusal(this.#profile, what);
  }
}

function refusal({ vendor }: SchemaProfile, what: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `${vendor} cannot be given ${what}. Simplify it or ask for another model.`,
  );
}

function isObjectSchema(schema: JsonObject): boolean {
  const { type } = schema;
  if (type === "object" || (Array.isArray(type) && type.includes("object"))) return true;
  return type === undefined && isJsonObject(schema["properties"]);
}
