import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { GatewayError } from "#core/errors.ts";
import { boundaryOf, formContentType, isForm } from "./form-boundary.ts";
import { type FormField, FormScanner } from "./form-scanner.ts";

const BOUNDARY = "----x7";

interface Seen {
  readonly parts: string[];
  readonly fields: FormField[];
}

/** Scans a body in pieces of these sizes, the last one repeated. */
function scan(body: string | Buffer, sizes: readonly number[] = [1_000_000]): Seen {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const seen: Seen = { parts: [], fields: [] };
  const scanner = new FormScanner(BOUNDARY, {
    partBegun: (name, isFile) => seen.parts.push(isFile ? `${name} (file)` : name),
    fieldEnded: (field) => seen.fields.push(field),
  });
  let offset = 0;
  for (let index = 0; offset < bytes.length; index += 1) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? 1;
    scanner.push(bytes.subarray(offset, offset + size));
    offset += size;
  }
  scanner.end();
  return seen;
}

function part(head: string, content: string): string {
  return `--${BOUNDARY}\r\n${head}\r\n\r\n${content}\r\n`;
}

function field(name: string, content: string): string {
  return part(`Content-Disposition: form-data; name="${name}"`, content);
}

const FILE = part(
  'Content-Disposition: form-data; name="file"; filename="a \\"b\\".mp3"\r\nContent-Type: audio/mpeg',
  "\r\n--- sound\r\n\r\n--\r\n",
).replace(' \\"b\\"', "");
const END = `--${BOUNDARY}--\r\n`;
const FORM = FILE + field("model", "whisper-1") + field("prompt", "Grüße") + END;

describe("a form", () => {
  test("tells its parts and where its fields stand", () => {
    const { parts, fields } = scan(FORM);
    expect(parts).toEqual(["file (file)", "model", "prompt"]);
    expect(fields.map(({ name, value }) => [name, value])).toEqual([
      ["model", "whisper-1"],
      ["prompt", "Grüße"],
    ]);
    const bytes = Buffer.from(FORM);
    for (const { value, start, end } of fields) {
      expect(bytes.subarray(start, end).toString()).toBe(value);
    }
  });

  test("tells the same in whichever pieces it comes", () => {
    const whole = scan(FORM);
    for (let size = 1; size < 40; size += 1) expect(scan(FORM, [size])).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
        expect(scan(FORM, sizes)).toEqual(whole);
      }),
    );
  });

  test("passes any file that does not hold its boundary", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (file, size) => {
          const content = Buffer.from(file);
          fc.pre(!content.includes(`--${BOUNDARY}`));
          const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n`;
          const tail = `\r\n${field("model", "m")}${END}`;
          const body = Buffer.concat([Buffer.from(head), content, Buffer.from(tail)]);
          const { parts, fields } = scan(body, [size]);
          expect(parts).toEqual(["file (file)", "model"]);
          expect(fields[0]).toMatchObject({
            name: "model",
            value: "m",
            start: body.length - END.length - 3,
          });
        },
      ),
    );
  });

  test("may have empty fields, and nothing or a line break after its end", () => {
    expect(scan(field("model", "") + END).fields[0]?.value).toBe("");
    expect(scan(field("model", "m") + END.trimEnd()).parts).toEqual(["model"]);
  });

  test("keeps no long value", () => {
    const { parts, fields } = scan(field("prompt", "x".repeat(2_000)) + field("model", "m") + END);
    expect(parts).toEqual(["prompt", "model"]);
    expect(fields.map(({ name }) => name)).toEqual(["model"]);
  });
});

describe("what two readers could read differently is refused:", () => {
  const named = (disposition: string, content = "m") =>
    part(`Content-Disposition: ${disposition}`, content) + END;
  test.each<[string, string]>([
    ["something before the first boundary", `preamble\r\n${field("model", "m")}${END}`],
    ["a line break before it", `\r\n${field("model", "m")}${END}`],
    ["no end", field("model", "m")],
    ["an end within the last boundary", field("model", "m") + END.slice(0, -3)],
    ["a part after the end", field("model", "m") + END + field("model", "n") + END],
    ["text after the end", `${field("model", "m")}${END}x`],
    ["another end after it", field("model", "m") + END + END],
    [
      "a boundary with only a line feed before it",
      `${field("a", "b").slice(0, -2)}\n${field("model", "m")}${END}`,
    ],
    [
      "a boundary with nothing before it",
      `${field("a", "b").slice(0, -2)}${field("model", "m")}${END}`,
    ],
    [
      "a boundary followed by letters",
      `--${BOUNDARY}yz\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n${END}`,
    ],
    [
      "a boundary followed by spaces",
      `--${BOUNDARY} \r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n${END}`,
    ],
    [
      "a boundary followed by a line feed",
      `--${BOUNDARY}\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n${END}`,
    ],
    ["the boundary inside a file", FILE.replace("sound", `--${BOUNDARY} inside`) + END],
    ["a head with line feeds alone", field("a", "b").replaceAll("\r\n\r\n", "\n\n") + END],
    ["a part without a head", `--${BOUNDARY}\r\n\r\nm\r\n${END}`],
    ["a part without a name", named("form-data")],
    ["an empty name", named('form-data; name=""')],
    ["a name without quotes", named("form-data; name=model")],
    ["two names", named('form-data; name="a"; name="model"')],
    ["an extended name", named("form-data; name*=utf-8''model")],
    ["an extended name beside the plain one", named("form-data; name=\"a\"; name*=utf-8''model")],
    ["an escaped name", named('form-data; name="mod\\el"')],
    ["a percent-encoded name", named('form-data; name="%6dodel"')],
    ["a name with spaces", named('form-data; name=" model"')],
    ["another disposition", named('attachment; name="model"')],
    [
      "two dispositions",
      part(
        'Content-Disposition: form-data; name="a"\r\nContent-Disposition: form-data; name="model"',
        "m",
      ) + END,
    ],
    ["a folded head", part('Content-Disposition: form-data;\r\n name="model"', "m") + END],
    [
      "a head line that is none",
      part('Content-Disposition: form-data; name="a"\r\nnonsense', "m") + END,
    ],
    ["a space before the colon", part('Content-Disposition : form-data; name="model"', "m") + END],
    [
      "an encoded part",
      part(
        'Content-Disposition: form-data; name="model"\r\nContent-Transfer-Encoding: base64',
        "bQ==",
      ) + END,
    ],
    ["a field that is no UTF-8", ""],
    ["a head without an end", `--${BOUNDARY}\r\n${"x".repeat(9_000)}`],
    ["parts without end", field("a", "").repeat(1_001) + END],
  ])("%s", (name, text) => {
    const body =
      name === "a field that is no UTF-8"
        ? Buffer.from(field("model", "\xff\xfe") + END, "latin1")
        : Buffer.from(text);
    for (const sizes of [[1_000_000], [1], [7]]) {
      expect(() => scan(body, sizes)).toThrow(GatewayError);
    }
  });
});

describe("the content type of a form", () => {
  test.each([
    ["multipart/form-data; boundary=abc", "abc"],
    ['Multipart/Form-Data;boundary="a b:c"', "a b:c"],
    ["multipart/form-data; charset=utf-8; boundary=----WebKit7", "----WebKit7"],
    ["multipart/form-data; BOUNDARY=x ", "x"],
  ])("%s names %s", (contentType, boundary) => {
    expect(isForm(contentType)).toBe(true);
    expect(boundaryOf(contentType)).toBe(boundary);
    expect(boundaryOf(formContentType(boundary))).toBe(boundary);
  });

  test.each([
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary=""',
    "multipart/form-data; boundary=a; boundary=b",
    'multipart/form-data; boundary="a\\"b"',
    "multipart/form-data; boundary=a b",
    'multipart/form-data; boundary="a "',
    `multipart/form-data; boundary=${"x".repeat(71)}`,
    "multipart/form-data; boundary=a; nonsense",
    "multipart/form-data; boundary=a\u00e4",
  ])("%s is refused", (contentType) => {
    expect(() => boundaryOf(contentType)).toThrow(GatewayError);
  });

  test.each([null, "", "application/json", "multipart/mixed; boundary=a", "multipart/form-datax"])(
    "%p is no form",
    (contentType) => expect(isForm(contentType)).toBe(false),
  );
});
