// Tool names that Gemini refuses, written so that the reply can be read back without knowing the
// request: a mark, then every other character as its code.

import { GatewayError } from "#core/errors.ts";

/** Google's rule (FunctionDeclaration.name, 2026-08): a letter or `_` first, 128 characters at most. */
const LEGAL = /^[A-Za-z_][A-Za-z0-9_.:-]{0,127}$/;
const MAX_LENGTH = 128;
const MARK = "sluice.";
const ADAPTED = /^sluice\.(?:[A-Za-z0-9_-]|:[0-9a-f]{1,6}\.)+$/;

/**
 * The name as Gemini takes it.
 * @throws GatewayError `unsupported_feature` when it cannot be written within the limit
 */
export function adaptToolName(name: string): string {
  if (LEGAL.test(name) && !name.startsWith(MARK)) return name;
  const adapted = MARK + [...name].map(writeCharacter).join("");
  if (name !== "" && adapted.length <= MAX_LENGTH) return adapted;
  throw new GatewayError(
    "unsupported_feature",
    `Gemini takes tool names of 1 to ${MAX_LENGTH} letters, digits, "_", ".", ":" and "-"; rename the tool "${name.slice(0, 40)}".`,
  );
}

/** The caller's own name of a tool that the model called. */
export function restoreToolName(name: string): string {
  if (!ADAPTED.test(name)) return name;
  const restored = name
    .slice(MARK.length)
    .replace(/:([0-9a-f]{1,6})\./g, (whole, code: string) => readCharacter(code) ?? whole);
  // What only looks adapted is some model's own invention.
  return adaptToolName(restored) === name ? restored : name;
}

function readCharacter(code: string): string | undefined {
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}

function writeCharacter(character: string): string {
  if (/^[A-Za-z0-9_-]$/.test(character)) return character;
  return `:${(character.codePointAt(0) ?? 0).toString(16)}.`;
}
