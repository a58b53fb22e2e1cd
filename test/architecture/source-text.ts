// Reads source text just well enough to judge it: comments and the insides of literals are blanked, so
// that braces, names and imports can be found by simple patterns at their true positions.

/** A string literal or a static piece of a template, with the position of its first character. */
export interface Literal {
  readonly value: string;
  readonly index: number;
}

/** Text of the same length and lines as the source, with blanks for comments and insides of literals. */
export interface BlankedText {
  readonly code: string;
  readonly literals: readonly Literal[];
}

const REGEX_MAY_FOLLOW = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|void|throw))$/;

/** Blanks comments, strings, templates and regular expressions. */
export function blank(source: string): BlankedText {
  return new Blanker(source).run();
}

class Blanker {
  readonly #source: string;
  readonly #code: string[];
  readonly #literals: Literal[] = [];
  /** Open templates: the brace depth inside each `${`. */
  readonly #templates: number[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#code = source.split("");
  }

  run(): BlankedText {
    while (this.#at < this.#source.length) this.#step();
    return { code: this.#code.join(""), literals: this.#literals };
  }

  #step(): void {
    const rest = this.#source.slice(this.#at, this.#at + 2);
    const letter = rest[0];
    if (rest === "//") this.#skip(this.#end("\n"));
    else if (rest === "/*") this.#skip(this.#end("*/") + 2);
    else if (letter === '"' || letter === "'") this.#string(letter);
    else if (letter === "`") this.#template();
    else if (letter === "/" && this.#mayStartRegex()) this.#regex();
    else this.#brace(letter ?? "");
  }

  #brace(letter: string): void {
    const depth = this.#templates.at(-1);
    this.#at += 1;
    if (depth === undefined) return;
    if (letter === "{") this.#templates[this.#templates.length - 1] = depth + 1;
    if (letter !== "}") return;
    if (depth > 0) {
      this.#templates[this.#templates.length - 1] = depth - 1;
      return;
    }
    this.#templates.pop();
    this.#at -= 1;
    this.#code[this.#at] = " ";
    this.#template();
  }

  /** Reads a template's static text from the current quote or closing brace on. */
  #template(): void {
    const start = this.#at + 1;
    let end = start;
    while (end < this.#source.length && this.#source[end] !== "`") {
      if (this.#source.startsWith("${", end)) break;
      end += this.#source[end] === "\\" ? 2 : 1;
    }
    this.#literals.push({ value: this.#source.slice(start, end), index: start });
    this.#blankTo(start, end);
    if (this.#source[end] === "`") {
      this.#at = end + 1;
      return;
    }
    this.#code[end] = " ";
    this.#code[end + 1] = " ";
    this.#templates.push(0);
    this.#at = end + 2;
  }

  #string(quote: string): void {
    const start = this.#at + 1;
    let end = start;
    while (end < this.#source.length && this.#source[end] !== quote) {
      end += this.#source[end] === "\\" ? 2 : 1;
    }
    this.#literals.push({ value: this.#source.slice(start, end), index: start });
    this.#blankTo(start, end);
    this.#at = end + 1;
  }

  #regex(): void {
    let end = this.#at + 1;
    let isInClass = false;
    for (; end < this.#source.length; end += 1) {
      const letter = this.#source[end];
      if (letter === "\\") end += 1;
      else if (letter === "[") isInClass = true;
      else if (letter === "]") isInClass = false;
      else if (letter === "/" && !isInClass) break;
    }
    this.#blankTo(this.#at + 1, end);
    this.#at = end + 1;
  }

  #mayStartRegex(): boolean {
    return REGEX_MAY_FOLLOW.test(this.#code.slice(0, this.#at).join("").slice(-80).trimEnd());
  }

  #end(mark: string): number {
    const found = this.#source.indexOf(mark, this.#at + 1);
    return found < 0 ? this.#source.length : found;
  }

  #skip(end: number): void {
    this.#blankTo(this.#at, end);
    this.#at = end;
  }

  #blankTo(start: number, end: number): void {
    for (let index = start; index < end && index < this.#code.length; index += 1) {
      if (this.#code[index] !== "\n") this.#code[index] = " ";
    }
  }
}

/** The line number, from 1, of a position. */
export function lineOf(source: string, index: number): number {
  return source.slice(0, index).split("\n").length;
}

/** The position of the bracket that closes the one at `open`, or the end of the text. */
export function closing(code: string, open: number): number {
  const pairs: Record<string, string> = { "(": ")", "{": "}", "[": "]" };
  const opener = code[open] ?? "";
  const closer = pairs[opener];
  let depth = 0;
  for (let index = open; index < code.length; index += 1) {
    if (code[index] === opener) depth += 1;
    if (code[index] === closer) depth -= 1;
    if (depth === 0) return index;
  }
  return code.length;
}
