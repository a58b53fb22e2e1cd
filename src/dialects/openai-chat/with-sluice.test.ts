import { expect, test } from "bun:test";
import { SseSplitter } from "#wire/sse.ts";
import { withSluice } from "./with-sluice.ts";

function written(frame: string): string {
  const [event] = new SseSplitter().push(new TextEncoder().encode(frame));
  if (event === undefined) throw new Error("no event");
  return new TextDecoder().decode(withSluice(event, { attempts: 2 }));
}

test("adds a member at the end and leaves every other byte of the data as it came", () => {
  expect(written('data: { "choices":[], "usage":{"prompt_tokens":1.0} }\n\n')).toBe(
    'data: { "choices":[], "usage":{"prompt_tokens":1.0} ,"sluice":{"attempts":2}}\n\n',
  );
});

test("fills an empty object, keeps the event's name and joins data of several lines", () => {
  expect(written("event: x\ndata: {}\n\n")).toBe('event: x\ndata: {"sluice":{"attempts":2}}\n\n');
  expect(JSON.parse(written('data: {"a":\ndata: 1}\n\n').replaceAll("data: ", ""))).toEqual({
    a: 1,
    sluice: { attempts: 2 },
  });
});
