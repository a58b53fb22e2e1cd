// Conversion of JSON schemas for vendors: what is valid before is valid after unless the report says
// `narrowed`, and what a vendor may answer is valid for the caller unless it says `widened`.

import { expect, test } from "bun:test";
import { GatewayError } from "#core/errors.ts";
import { asArray, isJsonObject, type Json, type JsonObject } from "#core/json.ts";
import { type ConvertedSchema, convertSchema } from "#dialects/json-schema/convert.ts";
import type { SchemaProfile } from "#dialects/json-schema/profile.ts";
import * as PROFILES from "#dialects/json-schema/profiles.ts";
import { resolveReference } from "#dialects/json-schema/references.ts";
import { restoreValue, restoringOf } from "#dialects/json-schema/restore.ts";
import { validateText } from "#dialects/json-schema/validate.ts";
import { type SeededRandom, seededRandom } from "#support/seeded-random.ts";

const SEED = Number(process.env["SLUICE_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const SCHEMAS = Number(process.env["SLUICE_FUZZ_SCHEMAS"] ?? 600);
const INSTANCES = 8;
const NAMES = ["a", "b", "c", "__proto__", "d e"];
const DEFINITIONS = ["one", "two"];

/** Writes random schemas, the way people and generators do. */
class SchemaMaker {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  document(): JsonObject {
    const definitions = DEFINITIONS.map((name): [string, Json] => [name, this.#schema(2)]);
    return { ...this.#schema(3), $defs: Object.fromEntries(definitions) };
  }

  #schema(depth: number): JsonObject {
    const random = this.#random;
    const described = random.below(6) === 0 ? { description: "What it is.", title: "It" } : {};
    return { ...described, ...this.#form(depth) };
  }

  #form(depth: number): JsonObject {
    const random = this.#random;
    const kind = random.below(depth > 0 ? 13 : 5);
    switch (kind) {
      case 0:
        return this.#text();
      case 1:
        return this.#number();
      case 2:
        return { type: "boolean" };
      case 3:
        return { enum: ["x", 1, null, true].slice(0, 1 + random.below(4)) };
      case 4:
        return random.below(2) === 0 ? { const: "y" } : { type: ["string", "null"] };
      case 5:
      case 6:
      case 7:
        return this.#object(depth);
      case 8:
        return this.#array(depth);
      case 9:
        return { anyOf: [this.#schema(depth - 1), this.#schema(depth - 1), { type: "null" }] };
      case 10:
        return { oneOf: [this.#object(depth - 1), { type: "string" }] };
      case 11:
        return { allOf: [this.#object(depth - 1), this.#object(depth - 1)] };
      default:
        return { $ref: `#/$defs/${random.pick(DEFINITIONS)}` };
    }
  }

  #text(): JsonObject {
    const extra: JsonObject = this.#random.pick([
      {},
      { minLength: 2 },
      { maxLength: 4 },
      { pattern: "^[a-z]*$" },
      { format: "date" },
      { format: "uri" },
    ]);
    return { type: "string", ...extra };
  }

  #number(): JsonObject {
    const extra: JsonObject = this.#random.pick([{}, { minimum: 3 }, { maximum: 7 }]);
    return { type: this.#random.pick(["integer", "number"]), ...extra };
  }

  #object(depth: number): JsonObject {
    const random = this.#random;
    const names = NAMES.filter(() => random.below(2) === 0);
    const properties = names.map((name): [string, Json] => [name, this.#schema(depth - 1)]);
    const extra: JsonObject = random.pick([
      {},
      { additionalProperties: false },
      { additionalProperties: { type: "string" } },
      { minProperties: 1 },
      { patternProperties: { "^z": { type: "integer" } }, additionalProperties: false },
    ]);
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      required: names.filter(() => random.below(2) === 0),
      ...extra,
    };
  }

  #array(depth: number): JsonObject {
    const items = this.#schema(depth - 1);
    return this.#random.pick<JsonObject>([
      { type: "array", items },
      { type: "array", items, minItems: 1, maxItems: 3 },
      { type: "array", items, uniqueItems: true },
      { type: "array", prefixItems: [items, { type: "string" }], items: false },
    ]);
  }
}

/** Writes values that a schema may well take, and some that it does not. */
class InstanceMaker {
  readonly #random: SeededRandom;
  readonly #root: JsonObject;

  constructor(random: SeededRandom, root: JsonObject) {
    this.#random = random;
    this.#root = root;
  }

  value(schema: Json, depth = 5): Json {
    const random = this.#random;
    if (!isJsonObject(schema) || depth < 0 || random.below(25) === 0) return this.#any();
    const { $ref: reference, type } = schema;
    if (typeof reference === "string") {
      return this.value(resolveReference(this.#root, reference) ?? {}, depth - 1);
    }
    const choices = [...asArray(schema["anyOf"]), ...asArray(schema["oneOf"])];
    if (choices.length > 0) return this.value(random.pick(choices), depth - 1);
    if (Array.isArray(schema["allOf"])) return this.#joined(schema["allOf"], depth);
    if (Array.isArray(schema["enum"])) return random.pick(schema["enum"]);
    if (schema["const"] !== undefined) return schema["const"];
    const types = Array.isArray(type) ? type : [type];
    return this.#typed(String(random.pick(types)), schema, depth);
  }

  #typed(type: string, schema: JsonObject, depth: number): Json {
    const random = this.#random;
    switch (type) {
      case "string":
        return random.pick(["", "ab", "abcde", "Ab1", "2026-11-22", "https://a.example/"]);
      case "integer":
      case "number":
        return random.pick([0, 3, 5, 9, 2.5]);
      case "boolean":
        return random.below(2) === 0;
      case "null":
        return null;
      case "array":
        return this.#array(schema, depth);
      case "object":
        return this.#object(schema, depth);
      default:
        return this.#any();
    }
  }

  #array(schema: JsonObject, depth: number): Json {
    const listed = asArray(schema["prefixItems"]).map((item) => this.value(item, depth - 1));
    const items = schema["items"];
    const count = isJsonObject(items) ? this.#random.below(4) : 0;
    const rest = Array.from({ length: count }, () => this.value(items ?? {}, depth - 1));
    return [...listed, ...rest];
  }

  #object(schema: JsonObject, depth: number): Json {
    const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
    const required = asArray(schema["required"]);
    const entries = Object.entries(properties)
      .filter(([name]) => required.includes(name) || this.#random.below(3) > 0)
      .map(([name, inner]): [string, Json] => [name, this.value(inner ?? {}, depth - 1)]);
    const others = schema["additionalProperties"];
    if (others !== false && this.#random.below(4) === 0) entries.push(["extra", "word"]);
    if (isJsonObject(schema["patternProperties"]) && this.#random.below(2) === 0) {
      entries.push(["zed", 5]);
    }
    return Object.fromEntries(entries);
  }

  #joined(parts: readonly Json[], depth: number): Json {
    const values = parts.map((part) => this.value(part, depth - 1)).filter(isJsonObject);
    return Object.fromEntries(values.flatMap((value) => Object.entries(value))) as Json;
  }

  #any(): Json {
    return this.#random.pick<Json>([null, 1, "x", true, {}, [], { a: 1 }, ["x", 2]]);
  }
}

function isValid(value: Json, schema: JsonObject): boolean {
  return validateText(JSON.stringify(value), schema).outcome === "valid";
}

/** Undefined when the vendor cannot be given the schema, which it may not. */
function converted(schema: JsonObject, profile: SchemaProfile): ConvertedSchema | undefined {
  try {
    return convertSchema(schema, profile);
  } catch (error) {
    if (error instanceof GatewayError && error.code === "unsupported_feature") return undefined;
    throw error;
  }
}

interface Tally {
  schemas: number;
  refused: number;
  before: number;
  after: number;
}

function check(schema: JsonObject, profile: SchemaProfile, random: SeededRandom, tally: Tally) {
  const made = converted(schema, profile);
  tally.schemas += 1;
  if (made === undefined) {
    tally.refused += 1;
    return;
  }
  expectToKeepProfile(made.schema, profile);
  const { isWrapped } = made;
  const original = new InstanceMaker(random, schema);
  const target = new InstanceMaker(random, made.schema);
  for (let round = 0; round < INSTANCES; round += 1) {
    // Where properties may not be left out or added any more, the other direction is the promise.
    const isLoose = !profile.isClosed && !profile.isAllRequired && !made.isNarrowed;
    const value = original.value(schema);
    const isObject = profile.root !== "object" || isJsonObject(value);
    if (isLoose && isObject && isValid(value, schema)) {
      tally.before += 1;
      const sent = isWrapped ? { value } : renamedFor(value, made);
      if (!isValid(sent, made.schema)) fail("too narrow", { schema, made, value });
    }
    const answer = target.value(made.schema);
    if (made.isWidened || !isValid(answer, made.schema)) continue;
    tally.after += 1;
    const restoring = restoringOf(schema, made);
    const restored = restoring === undefined ? answer : restoreValue(answer, restoring);
    if (!isValid(restored, schema)) fail("too wide", { schema, made, value: answer });
  }
}

/** The value with the names that the vendor was told. */
function renamedFor(value: Json, { propertyNames }: ConvertedSchema): Json {
  if (!isJsonObject(value)) return value;
  const written = new Map(Object.entries(propertyNames).map(([to, from]) => [from, to]));
  const entries = Object.entries(value).map(([name, one]) => [written.get(name) ?? name, one]);
  return Object.fromEntries(entries);
}

/** Nothing that the vendor refuses is left, whatever went in. */
function expectToKeepProfile(schema: Json, profile: SchemaProfile): void {
  if (!isJsonObject(schema) || profile.keywords === "all") return;
  const taken = new Set([...profile.keywords, "format", "$ref", "$defs", "definitions"]);
  const strays = Object.keys(schema).filter((keyword) => !taken.has(keyword));
  if (strays.length > 0) fail(`keywords ${strays}`, { schema, profile: profile.vendor });
  const { properties, additionalProperties, type } = schema;
  const types = Array.isArray(type) ? type : [type];
  const isObject = types.includes("object") || (type === undefined && isJsonObject(properties));
  if (profile.isClosed && isObject && additionalProperties !== false) fail("open", { schema });
  if (profile.isAllRequired && isObject && isJsonObject(properties)) {
    expect(asArray(schema["required"])).toEqual(Object.keys(properties));
  }
  const { $defs, items, anyOf, prefixItems } = schema;
  const inner = [
    ...Object.values(isJsonObject(properties) ? properties : {}),
    ...Object.values(isJsonObject($defs) ? $defs : {}),
    ...asArray(anyOf),
    ...asArray(prefixItems),
    items,
  ];
  for (const each of inner) expectToKeepProfile(each ?? null, profile);
}

function fail(what: string, facts: object): never {
  throw new Error(`${what} (SLUICE_FUZZ_SEED=${SEED}): ${JSON.stringify(facts)}`);
}

test.each(Object.entries(PROFILES))(
  "%s keeps its promises for random schemas",
  (name, profile) => {
    const random = seededRandom(SEED);
    const tally: Tally = { schemas: 0, refused: 0, before: 0, after: 0 };
    for (let count = 0; count < SCHEMAS; count += 1) {
      check(new SchemaMaker(random).document(), profile, random, tally);
    }
    console.log(`${name}: seed ${SEED}`, JSON.stringify(tally));
    expect(tally.refused).toBeLessThan(SCHEMAS * 0.9);
    expect(tally.before + tally.after).toBeGreaterThan(SCHEMAS / 10);
  },
  60_000,
);
