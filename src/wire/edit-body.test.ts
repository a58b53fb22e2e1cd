import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "#core/json.ts";
import { applyEdits, memberEdits, spliceSpans } from "./edit-body.ts";
import { parseBody } from "./json-body.ts";

function edited(text: string, edits: Record<string, Json | undefined>): string {
  const body = parseBody(new TextEncoder().encode(text));
  return applyEdits(body, new Map(Object.entries(edits)));
}

describe("applyEdits", () => {
  test("replaces a value and leaves everything else as it was written", () => {
    expect(edited('{ "model" : "a", "x":1.0e2,  "y":"\\u00e4" }', { model: "b" })).toBe(
      '{ "model" : "b", "x":1.0e2,  "y":"\\u00e4" }',
    );
  });

  test("leaves the spelling of a value alone that is set to what it is", () => {
    const text = '{"mod\\u0065l":"\\u0061"}';
    expect(edited(text, { model: "a" })).toBe(text);
    expect(edited(text, { model: "b" })).toBe('{"mod\\u0065l":"b"}');
  });

  test.each([
    ['{"a":1,"b":2,"c":3}', '{"b":2,"c":3}', "a"],
    ['{"a":1, "b":2 ,"c":3}', '{"a":1 ,"c":3}', "b"],
    ['{"a":1,"b":2,"c":3 }', '{"a":1,"b":2 }', "c"],
    ['{ "a":1 }', "{  }", "a"],
  ])("removes a member of %s with one comma", (text, expected, key) => {
    expect(edited(text, { [key]: undefined })).toBe(expected);
  });

  test("adds a missing member after the last one that stays", () => {
    expect(edited('{"a":1 ,"b":2}', { b: undefined, c: { d: true } })).toBe(
      '{"a":1,"c":{"d":true}}',
    );
    expect(edited("{ }", { a: 1, b: 2 })).toBe('{"a":1,"b":2 }');
  });

  test("does not mistake a nested key for a top-level one", () => {
    expect(edited('{"x":{"model":"a"},"model":"a"}', { model: "b" })).toBe(
      '{"x":{"model":"a"},"model":"b"}',
    );
  });

  test("shares its list with span edits of another kind", () => {
    const body = parseBody(new TextEncoder().encode('{"model":"a","text":"call 555-1234"}'));
    const spans = memberEdits(body, new Map([["model", "b"]]));
    const start = body.text.indexOf("555");
    spans.unshift({ start, end: start + 8, text: "[phone]" });
    expect(spliceSpans(body.text, spans)).toBe('{"model":"b","text":"call [phone]"}');
  });

  test("always gives JSON that holds the edits and every other member", () => {
    const key = fc.constantFrom("a", "b", "c", "d", "e", 'q"', "ä");
    const value = fc
      .jsonValue({ maxDepth: 2 })
      .map((it) => it as Json)
      // A body with such a key is refused before anything is edited.
      .filter((it) => !JSON.stringify(it).includes('"__proto__"'));
    fc.assert(
      fc.property(
        fc.dictionary(key, value),
        fc.array(fc.tuple(key, fc.option(value, { nil: undefined }))),
        fc.constantFrom(undefined, 1, "\t"),
        (members, edits, space) => {
          const text = JSON.stringify(members, undefined, space);
          const expected = new Map(Object.entries(JSON.parse(text)));
          for (const [name, to] of edits) {
            if (to === undefined) expected.delete(name);
            else expected.set(name, JSON.parse(JSON.stringify(to)));
          }
          // The last edit of a key counts, as it does in the map that `applyEdits` takes.
          const result = JSON.parse(edited(text, Object.fromEntries(edits)));
          expect(new Map(Object.entries(result))).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
