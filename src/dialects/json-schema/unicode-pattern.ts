// Regular expressions of schemas in the spelling that the Unicode mode wants, which the validator uses:
// it refuses escapes that are not needed and braces that count nothing, and people write both.

const ESCAPABLE = /[\^$\\.*+?()[\]{}|/]/;
const QUANTIFIER = /^\{\d+(?:,\d*)?\}/;
/** No pattern that people write is longer. */
const LONGEST = 10_000;

/** @returns the pattern as Unicode mode takes it; undefined when it is no regular expression at all */
export function unicodePattern(pattern: string): string | undefined {
  if (pattern.length > LONGEST) return undefined;
  if (compiles(pattern)) return pattern;
  const respelt = respell(pattern);
  return compiles(respelt) ? respelt : undefined;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function respell(pattern: string): string {
  let written = "";
  let isInClass = false;
  for (let place = 0; place < pattern.length; place += 1) {
    const character = pattern.charAt(place);
    if (character === "\\") {
      place += 1;
      written += escaped(pattern.charAt(place), isInClass);
    } else if (isInClass) {
      isInClass = character !== "]";
      written += character;
    } else if (character === "{") {
      const [quantifier] = QUANTIFIER.exec(pattern.slice(place, place + 20)) ?? [];
      written += quantifier ?? "\\{";
      place += (quantifier?.length ?? 1) - 1;
    } else {
      isInClass = character === "[";
      written += character === "}" || character === "]" ? `\\${character}` : character;
    }
  }
  return written;
}

function escaped(character: string, isInClass: boolean): string {
  const isNeeded =
    /[a-zA-Z0-9]/.test(character) || ESCAPABLE.test(character) || (isInClass && character === "-");
  return isNeeded ? `\\${character}` : character;
}
