// Lists put behind one another.

import { expect, test } from "bun:test";
import { appendAll } from "./append-all.ts";

test("keeps the order, however long the list", () => {
  const list = [1];
  appendAll(list, [2, 3]);
  expect(list).toEqual([1, 2, 3]);
  appendAll(list, Array<number>(5_000_000).fill(4));
  expect(list.length).toBe(5_000_003);
});
