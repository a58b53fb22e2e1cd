// Finds functions in blanked source text with their length and the number of their parameters.

import { closing, lineOf } from "./source-text.ts";

/** A function with a body. */
export interface FunctionShape {
  readonly name: string;
  /** First line, from 1. */
  readonly line: number;
  readonly lines: number;
  readonly parameters: number;
}

const NO_FUNCTION = /\b(?:if|for|while|switch|catch|with|return|await|typeof|super|import)\s*$/;

/** All functions, methods and arrow functions that have a body in braces. */
export function functionShapes(code: string): FunctionShape[] {
  const shapes: FunctionShape[] = [];
  for (let open = code.indexOf("("); open >= 0; open = code.indexOf("(", open + 1)) {
    const close = closing(code, open);
    const body = bodyAfter(code, close + 1);
    const before = code.slice(Math.max(0, open - 120), open);
    if (body === undefined || NO_FUNCTION.test(before)) continue;
    const line = lineOf(code, open);
    shapes.push({
      name: nameBefore(before),
      line,
      lines: lineOf(code, closing(code, body)) - line + 1,
      parameters: countParameters(code.slice(open + 1, close)),
    });
  }
  return shapes;
}

/** Where the body's brace stands, when a parameter list that ends before `start` has one. */
function bodyAfter(code: string, start: number): number | undefined {
  let at = skipSpace(code, start);
  if (code[at] === ":") at = skipType(code, at + 1);
  if (code.startsWith("=>", at)) at = skipSpace(code, at + 2);
  return code[at] === "{" ? at : undefined;
}

/** Skips a return type: everything up to `=>` or the brace that opens the body. */
function skipType(code: string, start: number): number {
  let mayEnd = false;
  for (let at = skipSpace(code, start); at < code.length; at += 1) {
    const letter = code[at] ?? "";
    if (code.startsWith("=>", at)) return at;
    if (letter === "{" && mayEnd) return at;
    if (";,)}]".includes(letter)) return code.length;
    if ("({[".includes(letter)) at = closing(code, at);
    if (!/\s/.test(letter)) mayEnd = !/[|&:<?]/.test(letter);
  }
  return code.length;
}

function skipSpace(code: string, start: number): number {
  let at = start;
  while (/\s/.test(code[at] ?? "")) at += 1;
  return at;
}

function nameBefore(before: string): string {
  const named = /([\w#$]+)\s*(?:<[^()]*>)?\s*$/.exec(before)?.[1];
  if (named !== undefined && !/^(?:async|function)$/.test(named)) return named;
  return (
    /([\w#$]+)\s*(?::[^=]*)?=\s*(?:async\s*)?(?:function\s*)?$/.exec(before)?.[1] ?? "(unnamed)"
  );
}

/** Counts commas on the top level; a trailing one counts nothing. */
function countParameters(list: string): number {
  let count = 0;
  let hasText = false;
  let angles = 0;
  for (let at = 0; at < list.length; at += 1) {
    const letter = list[at] ?? "";
    if ("({[".includes(letter)) at = closing(list, at);
    if (letter === "<") angles += 1;
    if (letter === ">" && list[at - 1] !== "=") angles -= 1;
    if (letter === "," && angles === 0) {
      count += 1;
      hasText = false;
    } else if (/\S/.test(letter)) hasText = true;
  }
  return hasText ? count + 1 : count;
}
