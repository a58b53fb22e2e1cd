// What a person reads who has made a mistake in a document.

import { describe, expect, test } from "bun:test";
import { sampleErrors } from "../sample-compile.ts";
import { formatPath } from "./issue.ts";

/** `line:column code path | message hint` of the only error. */
function only(text: string): string {
  const errors = sampleErrors(text);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  if (error === undefined) return "";
  const sentence = `${error.message} ${error.hint}`.trim();
  return `${error.line}:${error.column} ${error.code} ${error.path} | ${sentence}`;
}

describe("unknown keys", () => {
  test.each([
    ["modles: {}", "1:1 unknown_key modles | Unknown key `modles`. Did you mean `models`?"],
    [
      "version: 1\nserver:\n  keepalive: 15s",
      "3:3 unknown_key server.keepalive | Unknown key `keepalive` in `server`. Did you mean `keep_alive`?",
    ],
    [
      "providers:\n  a: { kind: demo, baseurl: x }",
      "2:20 unknown_key providers.a.baseurl | Unknown key `baseurl` in `providers.a`. Did you mean `base_url`?",
    ],
    [
      "models: { m: { targets: [{ model: a/b, wieght: 2 }] } }",
      "1:40 unknown_key models.m.targets[0].wieght | Unknown key `wieght` in `models.m.targets[0]`. Did you mean `weight`?",
    ],
    [
      "prices: { a/b: { inputs: 1 } }",
      '1:18 unknown_key prices["a/b"].inputs | Unknown key `inputs` in `prices["a/b"]`. Did you mean `input`?',
    ],
    ["zzzzzzzzzzzzzz: 1", "1:1 unknown_key zzzzzzzzzzzzzz | Unknown key `zzzzzzzzzzzzzz`."],
    ["<<: { a: 1 }", '1:1 unknown_key ["<<"] | Unknown key `<<`.'],
  ])("%p", (text, expected) => {
    expect(only(text)).toBe(expected);
  });
});

describe("wrong values", () => {
  test.each([
    ["server: 3", "1:9 invalid_value server | `server` must be a mapping, not a number."],
    ["server:", "1:1 invalid_value server | `server` is empty. Write a value or remove the key."],
    ["- a", "1:1 invalid_value  | The document must be a mapping, not a list."],
    ["version: 2", "1:10 invalid_value version | `version` has the value `2`; it must be `1`."],
    [
      "server: { metrics: publik }",
      "1:20 invalid_value server.metrics | `server.metrics` has the value `publik`; it must be `private` or `public`. Did you mean `public`?",
    ],
    [
      "server: { workers: one }",
      "1:20 invalid_value server.workers | `server.workers` has the value `one`; it must be `1`.",
    ],
    [
      "server: { keep_alive: 15 }",
      "1:23 invalid_value server.keep_alive | `server.keep_alive` must be a text, not a number. Write it with its unit: `15s`.",
    ],
    [
      "server: { keep_alive: 1h30m }",
      "1:23 invalid_value server.keep_alive | `server.keep_alive` is not a duration. Write a whole number and a unit: `300ms`, `10s`, `5m`, `24h`, `30d`.",
    ],
    [
      "server: { keep_alive: 1ms }",
      "1:23 invalid_value server.keep_alive | `server.keep_alive` must be between 100ms and 10m.",
    ],
    [
      "server: { max_body_mb: 0 }",
      "1:24 invalid_value server.max_body_mb | `server.max_body_mb` must be more than 0.",
    ],
    [
      "server: { max_body_mb: .inf }",
      "1:24 invalid_value server.max_body_mb | `server.max_body_mb` must be a finite number.",
    ],
    [
      "storage: mysql:x",
      "1:10 invalid_value storage | `storage` must be `sqlite:` and the path of a file.",
    ],
    [
      "models: { m: { targets: [] } }",
      "1:25 invalid_value models.m.targets | `models.m.targets` must have at least 1 entry.",
    ],
    [
      "models: { m: {} }",
      "1:11 missing_key models.m.targets | `models.m` needs the key `targets`.",
    ],
    [
      "models: { m: { targets: [gpt-5] } }",
      "1:26 invalid_value models.m.targets[0] | `models.m.targets[0]` is not a target. Write `provider/model`, with a name under `providers:` first.",
    ],
    [
      "models: { m: { targets: [3] } }",
      "1:26 invalid_value models.m.targets[0] | `models.m.targets[0]` must be a text or a mapping, not a number.",
    ],
    [
      "models: { m: { targets: [a/b], attempts: 1.5 } }",
      "1:42 invalid_value models.m.attempts | `models.m.attempts` must be a whole number.",
    ],
    [
      "models: { m: { targets: [a/b], attempts: 0 } }",
      "1:42 invalid_value models.m.attempts | `models.m.attempts` must be at least 1.",
    ],
    [
      "models: { m: { targets: [{ model: a/b, weight: 0 }] } }",
      "1:48 invalid_value models.m.targets[0].weight | `models.m.targets[0].weight` must be more than 0.",
    ],
    [
      "providers: { 'a b': { kind: demo } }",
      '1:14 invalid_value providers["a b"] | `a b` is not a name that can stand here. Names begin with a letter or digit and hold letters, digits, `.`, `_` and `-`, at most 64.',
    ],
    [
      "prices: { gpt-5: { input: 1 } }",
      "1:11 invalid_value prices.gpt-5 | `gpt-5` is not a name that can stand here. Write `provider/model` or `provider/*`.",
    ],
    [
      "prices: { a/gpt-5*: { input: 1 } }",
      '1:11 invalid_value prices["a/gpt-5*"] | `a/gpt-5*` is not a name that can stand here. Write `provider/model` or `provider/*`.',
    ],
    [
      "capabilities: { a/meta/*: { images: none } }",
      '1:17 invalid_value capabilities["a/meta/*"] | `a/meta/*` is not a name that can stand here. Write `provider/model` or `provider/*`.',
    ],
    [
      "keys: [{ name: k, value: 1234567890123456789012345678 }]",
      "1:26 invalid_value keys[0].value | `keys[0].value` must be a text, not a number. Put it in quotes.",
    ],
  ])("%p", (text, expected) => {
    expect(only(text)).toBe(expected);
  });

  test("several mistakes are all told, in the order of the text", () => {
    const errors = sampleErrors(
      "modles: {}\nserver: { listn: a, metrics: x }\nlabels: {}\nkeys: {}\n",
    );
    expect(errors.map(({ line, code }) => [line, code as string])).toEqual([
      [1, "unknown_key"],
      [2, "unknown_key"],
      [2, "invalid_value"],
      [3, "not_available"],
      [4, "invalid_value"],
    ]);
  });
});

test("paths are written as people write them", () => {
  expect(formatPath([])).toBe("");
  expect(formatPath(["models", "small", "targets", 0, "model"])).toBe(
    "models.small.targets[0].model",
  );
  expect(formatPath(["prices", "openai/gpt-5", "input"])).toBe('prices["openai/gpt-5"].input');
});
