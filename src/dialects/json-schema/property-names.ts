// Names of a tool's arguments that a vendor refuses, made to fit.

import type { JsonObject } from "#core/json.ts";
import { asArray, isJsonObject } from "#core/json.ts";
import { FittingNames, fits } from "../fitting-names.ts";
import type { SchemaProfile } from "./profile.ts";

/** A schema whose root the vendor takes. */
export interface RenamedSchema {
  readonly schema: JsonObject;
  /** Names as they were written -> as the caller wrote them. */
  readonly propertyNames: Readonly<Record<string, string>>;
}

/** Names of the root's properties that the vendor refuses. */
export function badNames({ properties }: JsonObject, { propertyNames }: SchemaProfile): string[] {
  if (propertyNames === undefined || !isJsonObject(properties)) return [];
  return Object.keys(properties).filter((name) => !fits(name, propertyNames));
}

/** Names of the root's properties made to fit. */
export function renamedProperties(schema: JsonObject, profile: SchemaProfile): RenamedSchema {
  const { properties } = schema;
  if (badNames(schema, profile).length === 0 || !isJsonObject(properties)) {
    return { schema, propertyNames: {} };
  }
  const names = new FittingNames(profile.propertyNames, Object.keys(properties));
  const entries = Object.entries(properties).map(([name, value]) => [names.of(name), value]);
  const required = asArray(schema["required"]).map((name) => names.of(String(name)));
  return {
    schema: {
      ...schema,
      properties: Object.fromEntries(entries),
      ...(schema["required"] !== undefined && { required }),
    },
    propertyNames: Object.fromEntries(names.changed),
  };
}
