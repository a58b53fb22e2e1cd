// Frames without the usage that nobody asked for, and all other bytes as they were.

import { expect, test } from "bun:test";
import fc from "fast-check";
import { withoutUsage } from "./without-usage.ts";

function cut(data: string, name = ""): string | undefined {
  const bytes = withoutUsage({ name, data, raw: new TextEncoder().encode(`data: ${data}\n\n`) });
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

test.each([
  ['{"id":"a","choices":[],"usage":null}', '{"id":"a","choices":[]}'],
  ['{"id":"a","usage":null,"choices":[]}', '{"id":"a","choices":[]}'],
  ['{"id":"ä", "usage" : null , "choices":[]}', '{"id":"ä" , "choices":[]}'],
])("takes the empty usage out of %s", (data, rest) => {
  expect(cut(data)).toBe(`data: ${rest}\n\n`);
  expect(cut(data, "chunk")).toBe(`event: chunk\ndata: ${rest}\n\n`);
});

test.each([
  '{"id":"a","choices":[]}',
  '{"usage":{"prompt_tokens":1}}',
  '{"id":"a","usage":{"prompt_tokens":1}}',
  '{"id":"a","usage":nullable}',
  '{"delta":{"content":"say ,\\"usage\\":null} to me"}}',
  '{"delta":{"content":"usage"},"of":"usage"}',
  '"usage":null',
  "",
])("leaves %s alone", (data) => {
  expect(cut(data)).toBeUndefined();
});

test("never touches another member, however the chunk is written", () => {
  const member = fc.tuple(fc.constantFrom("id", "usage_of", "x"), fc.jsonValue({ maxDepth: 2 }));
  const space = fc.constantFrom("", " ", "\t ");
  fc.assert(
    fc.property(
      fc.array(member, { minLength: 1, maxLength: 3 }),
      fc.array(member, { maxLength: 3 }),
      space,
      (before, after, gap) => {
        const write = ([key, value]: readonly [string, unknown]) =>
          `${gap}${JSON.stringify(key)}${gap}:${gap}${JSON.stringify(value)}${gap}`;
        const text = (members: readonly (readonly [string, unknown])[]) =>
          JSON.parse(`{${members.map(write).join(",")}}`);
        fc.pre(!JSON.stringify([before, after]).includes('"usage"'));
        const data = `{${[...before, ["usage", null] as const, ...after].map(write).join(",")}}`;
        const rest = cut(data) ?? "";
        expect(JSON.parse(rest.slice("data: ".length))).toEqual(text([...before, ...after]));
      },
    ),
  );
});
