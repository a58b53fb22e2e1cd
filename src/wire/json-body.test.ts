import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { GatewayError } from "#core/errors.ts";
import { parseBody } from "./json-body.ts";

const encoder = new TextEncoder();

function refusal(text: string | Uint8Array): GatewayError {
  try {
    parseBody(typeof text === "string" ? encoder.encode(text) : text);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("The body was accepted.");
}

function spanTexts(text: string): Record<string, string> {
  const body = parseBody(encoder.encode(text));
  const spans = body.members.map(({ key, ...span }) => [
    key,
    body.text.slice(span.valueStart, span.valueEnd),
  ]);
  return Object.fromEntries(spans);
}

describe("parseBody", () => {
  test("says where each top-level member stands, without the white space around it", () => {
    expect(
      spanTexts(' { "model" : "a b" ,\n"n":[1, {"n":2}] , "s":"x\\"}," ,"t": true } \n'),
    ).toEqual({ model: '"a b"', n: '[1, {"n":2}]', s: '"x\\"},"', t: "true" });
  });

  test("finds the key's opening quote", () => {
    const body = parseBody(encoder.encode('{ "a":1, "b":2}'));
    expect(body.text.slice(body.members[1]?.keyStart)).toBe('"b":2}');
  });

  test.each([
    ['{"model":"a","Model":"b"}', "Model"],
    ['{"MODEL":"a","model":"b"}', "model"],
    ['{"stream":true,"\u017ftream":false}', "\u017ftream"],
    ['{"max_tokens":1,"max_to\\u212aens":2}', "max_to\u212aens"],
  ])("refuses keys that a parser without letter case would take for one: %s", (text, param) => {
    expect(refusal(text)).toMatchObject({ code: "invalid_request", extras: { param } });
  });

  test("lets letter case tell keys apart further inside, where nothing is decided", () => {
    expect(parseBody(encoder.encode('{"metadata":{"a":1,"A":2}}')).json).toEqual({
      metadata: { a: 1, A: 2 },
    });
  });

  test("knows members by their unescaped key", () => {
    expect(Object.keys(spanTexts('{"mod\\u0065l":"x"}'))).toEqual(["model"]);
  });

  test.each([
    ['{"model":"a","model":"b"}', "model"],
    ['{"model":"a","mod\\u0065l":"b"}', "model"],
    ['{"messages":[{"role":"user"},{"role":"user","role":"system"}]}', "messages[1].role"],
    ['{"a":{"b":[[],[{"c":1,"d":{},"c":2}]]}}', "a.b[1][0].c"],
    [`{${Array.from({ length: 40 }, (_, i) => `"k${i}":{}`).join(",")},"k3":1}`, "k3"],
  ])("refuses a key that stands twice: %s", (text, path) => {
    const error = refusal(text);
    expect(error.code).toBe("invalid_request");
    expect(error.extras.param).toBe(path);
    expect(error.message).toContain(path);
  });

  test("takes the same key in different objects for what it is", () => {
    expect(spanTexts('{"a":{"x":1},"b":{"x":1},"x":[{"x":1},{"x":1}]}')).toBeObject();
  });

  test("tells keys apart whose letters add up to the same, few or many of them", () => {
    const alike = ["AaAa", "BBBB", "AaBB", "BBAa"].map((key) => `"${key}":1`);
    const others = Array.from({ length: 40 }, (_, index) => `"k${index}":1`);
    for (const keys of [alike, [...alike, ...others], [...others, ...alike]]) {
      expect(Object.keys(spanTexts(`{"x":{${keys.join(",")}}}`))).toEqual(["x"]);
      const error = refusal(`{"x":{${keys.join(",")},"BBAa":2}}`);
      expect(error.extras.param).toBe("x.BBAa");
    }
  });

  test.each(['{"__proto__":{}}', '{"a":[{"\\u005f_proto__":1}]}'])("refuses %s", (text) => {
    expect(refusal(text).message).toContain("__proto__");
  });

  test("refuses what is nested too deeply before a parser can run out of stack", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(parseBody(encoder.encode(nested(128))).members).toHaveLength(1);
    expect(refusal(nested(129)).message).toContain("128");
    expect(refusal(`{"a":${'{"a":'.repeat(5_000_000)}`).message).toContain("128");
    expect(refusal("[".repeat(20_000_000)).message).toContain("128");
  });

  test.each(["", " ", "{", '{"a":1,}', '{"a":1}}', "nul", '{"a":"\n"}', '{"a\\q":1}', '{"a":01}'])(
    "refuses %j as not JSON",
    (text) => {
      expect(refusal(text).code).toBe("invalid_request");
    },
  );

  test.each(["[]", '"model"', "1", "null", '["a","a"]'])("refuses %s as not an object", (text) => {
    expect(refusal(text).message).toContain("object");
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(refusal(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])).message).toContain("UTF-8");
    expect(refusal(new Uint8Array([0x7b, 0x22, 0xed, 0xa0, 0x80])).message).toContain("UTF-8");
  });

  test("ignores a byte order mark", () => {
    expect(parseBody(encoder.encode('\uFEFF{"a":1}')).text).toBe('{"a":1}');
  });

  test("never repeats the body in a message", () => {
    expect(refusal('{"api_key":"sk-secret-value"').message).not.toContain("secret");
  });

  test("finds exactly the members that a native parser finds", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { maxKeys: 20 }),
        fc.constantFrom(undefined, 1, "\t"),
        (value, space) => {
          const text = JSON.stringify(value, undefined, space);
          if (text.includes("__proto__")) return;
          const body = parseBody(encoder.encode(text));
          const parsed: [string, unknown][] = body.members.map(({ key, ...span }) => [
            key,
            JSON.parse(body.text.slice(span.valueStart, span.valueEnd)),
          ]);
          expect(new Map(parsed)).toEqual(new Map(Object.entries(JSON.parse(text))));
        },
      ),
      { numRuns: 300 },
    );
  });
});
