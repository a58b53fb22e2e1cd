// Reading fields the way Google's JSON parser does: camelCase or the schema's own snake_case, null as
// absent, a single object where a list is meant, numbers also as strings.

import { invalidRequest } from "#core/errors.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { isJsonObject } from "#core/json.ts";

/** How wrong types are met: refused in requests, taken for absent in what an upstream sends. */
export type Reading = "strict" | "lenient";

const SNAKE_NAMES = new Map<string, string>();

/** `generationConfig` -> `generation_config`. Only called with names from this code. */
function snakeName(name: string): string {
  const known = SNAKE_NAMES.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  SNAKE_NAMES.set(name, made);
  return made;
}

/** `generation_config` -> `generationConfig`; what is camelCase already stays as it is. */
export function camelName(name: string): string {
  if (!name.includes("_")) return name;
  return name.replace(/([a-z0-9])_([a-z])/g, (_, before: string, after: string) => {
    return `${before}${after.toUpperCase()}`;
  });
}

/** An object of the dialect with its place in the body. */
export class Fields {
  readonly json: JsonObject;
  /** Path for error messages, empty for the body itself. */
  readonly path: string;
  readonly reading: Reading;

  constructor(json: JsonObject, path: string, reading: Reading) {
    this.json = json;
    this.path = path;
    this.reading = reading;
  }

  /** The path of a field; of the object itself for the empty name. */
  pathOf(name: string): string {
    // Replies are read often and never refused, so that nobody would see the path.
    if (name === "" || this.reading === "lenient") return this.path;
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /**
   * The value of a field in either spelling.
   * @throws GatewayError `invalid_request` when a request has both: two readers could then disagree
   */
  value(name: string): Json | undefined {
    const snake = snakeName(name);
    const camelValue = this.json[name];
    if (snake === name) return camelValue ?? undefined;
    const snakeValue = this.json[snake];
    if (camelValue !== undefined && snakeValue !== undefined && this.reading === "strict") {
      throw invalidRequest(this.pathOf(name), `Send either "${name}" or "${snake}", not both.`);
    }
    return camelValue ?? snakeValue ?? undefined;
  }

  /** True when the field is there in either spelling and not null. */
  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  object(name: string): Fields | undefined {
    const value = this.value(name);
    if (isJsonObject(value)) return new Fields(value, this.pathOf(name), this.reading);
    return value === undefined ? undefined : this.refuse(name, "an object");
  }

  /** A list of objects; a single object counts as a list of one, as it does for Google. */
  objects(name: string): readonly Fields[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      const only = this.object(name);
      return only === undefined ? [] : [only];
    }
    const found: Fields[] = [];
    for (const [index, item] of value.entries()) {
      const path = this.reading === "lenient" ? "" : `${name}[${index}]`;
      if (isJsonObject(item)) found.push(new Fields(item, this.pathOf(path), this.reading));
      else this.refuse(path, "an object");
    }
    return found;
  }

  string(name: string): string | undefined {
    const value = this.value(name);
    if (typeof value === "string" || value === undefined) return value;
    return this.refuse(name, "a string");
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const items = Array.isArray(value) ? value : [value];
    const found: string[] = [];
    for (const [index, item] of items.entries()) {
      if (typeof item === "string") found.push(item);
      else this.refuse(`${name}[${index}]`, "a string");
    }
    return found;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isFinite(number)) return number;
    return this.refuse(name, "a number");
  }

  integer(name: string): number | undefined {
    const number = this.number(name);
    if (number === undefined || Number.isSafeInteger(number)) return number;
    return this.refuse(name, "a whole number");
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (typeof value === "boolean" || value === undefined) return value;
    return this.refuse(name, "true or false");
  }

  /** The fields that are not in `known` (camelCase), in the sender's own spelling, without nulls. */
  rest(known: ReadonlySet<string>): [key: string, value: Json][] {
    const found: [string, Json][] = [];
    for (const [key, value] of Object.entries(this.json)) {
      if (value === undefined || value === null || known.has(camelName(key))) continue;
      found.push([key, value]);
    }
    return found;
  }

  /** Refuses a wrong type in a request; a reply's wrong field is taken for absent. */
  refuse(name: string, wanted: string): undefined {
    if (this.reading === "lenient") return undefined;
    throw invalidRequest(this.pathOf(name), `"${this.pathOf(name)}" must be ${wanted}.`);
  }
}

/** A request body, or an object in it. */
export function requestFields(json: JsonObject, path = ""): Fields {
  return new Fields(json, path, "strict");
}

/** A reply body, or an object in it. */
export function replyFields(json: JsonObject): Fields {
  return new Fields(json, "", "lenient");
}
