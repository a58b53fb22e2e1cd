// Recognises model names by the catalogue's rules.

import type { NameRule } from "./catalogue-file.ts";

/** Says whether a name is meant. */
export type NameTest = (name: string) => boolean;

/** Longer names than any vendor's: unknown without looking. */
const MAX_NAME_LENGTH = 200;

/** Compiles a rule once, so that each look-up only compares. */
export function nameTest(rule: NameRule): NameTest {
  const test = compile(rule);
  return (name) => name.length <= MAX_NAME_LENGTH && test(name, name.toLowerCase());
}

type FoldedTest = (name: string, folded: string) => boolean;

function compile(rule: NameRule): FoldedTest {
  if ("or" in rule) {
    const tests = rule.or.map(compile);
    return (name, folded) => tests.some((test) => test(name, folded));
  }
  if ("and" in rule) {
    const tests = rule.and.map(compile);
    return (name, folded) => tests.every((test) => test(name, folded));
  }
  if ("regex" in rule) {
    const pattern = new RegExp(rule.regex);
    return (name) => pattern.test(name);
  }
  return compileLiteral(rule);
}

function compileLiteral(
  rule: Exclude<NameRule, { or: unknown } | { and: unknown } | { regex: unknown }>,
): FoldedTest {
  if ("equals" in rule) {
    const wanted = rule.equals.toLowerCase();
    return (_, folded) => folded === wanted;
  }
  if ("starts_with" in rule) {
    const wanted = rule.starts_with.toLowerCase();
    return (_, folded) => folded.startsWith(wanted);
  }
  if ("ends_with" in rule) {
    const wanted = rule.ends_with.toLowerCase();
    return (_, folded) => folded.endsWith(wanted);
  }
  const wanted = rule.contains.toLowerCase();
  return (_, folded) => folded.includes(wanted);
}
