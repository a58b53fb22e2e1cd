// The chunked coding: the same content wherever the bytes are cut, and nothing that is not a chunk.

import { describe, expect, test } from "bun:test";
import { ChunkedBody } from "./chunked-body.ts";
import { MalformedHttp } from "./reply-head.ts";

const BODY =
  '5\r\nhello\r\n1A;name="x"\r\nabcdefghijklmnopqrstuvwxyz\r\n00003 \r\na\r\n\r\n0\r\nx-trailer: 1\r\n\r\n';
const CONTENT = "helloabcdefghijklmnopqrstuvwxyza\r\n";

function read(pieces: readonly string[]) {
  const body = new ChunkedBody();
  let content = "";
  const used = pieces.map((piece) =>
    body.push(Buffer.from(piece, "latin1"), (part) => {
      content += Buffer.from(part).toString("latin1");
    }),
  );
  return { content, used, isDone: body.isDone };
}

describe("a chunked body", () => {
  test("gives its content, and says where it ends", () => {
    const { content, used, isDone } = read([`${BODY}HTTP/1.1 200 OK`]);
    expect(content).toBe(CONTENT);
    expect(used).toEqual([BODY.length]);
    expect(isDone).toBe(true);
  });

  test("is the same wherever it is cut", () => {
    for (let first = 0; first <= BODY.length; first += 1) {
      for (let second = first; second <= BODY.length; second += 7) {
        const cut = [BODY.slice(0, first), BODY.slice(first, second), BODY.slice(second)];
        expect(read(cut)).toMatchObject({ content: CONTENT, isDone: true });
      }
    }
  });

  test("is not over before its last line", () => {
    expect(read([BODY.slice(0, -2)]).isDone).toBe(false);
    expect(read(["0\r\n"]).isDone).toBe(false);
    expect(read(["0\r\n\r\n"]).isDone).toBe(true);
  });
});

test.each([
  ["no size", "\r\n"],
  ["a letter", "g\r\n"],
  ["a sign", "-1\r\n"],
  ["a prefix", "0x5\r\nhello\r\n"],
  ["a bare line feed after the size", "5\nhello\r\n"],
  ["more than it says", "5\r\nhello!\r\n"],
  ["a bare line feed after the content", "5\r\nhello\n"],
  ["a size that no body has", "1000000000000000\r\n"],
  ["an endless extension", `5;${"x".repeat(20_000)}`],
  ["endless trailers", `0\r\n${"x-trailer: 12345678\r\n".repeat(2_000)}`],
])("a chunk with %s is refused", (_what, text) => {
  expect(() => read([text])).toThrow(MalformedHttp);
});
