// The swap of snapshots.

import { expect, test } from "bun:test";
import { sampleSnapshot } from "./sample-compile.ts";
import { SnapshotHolder } from "./snapshot-holder.ts";

const first = sampleSnapshot("providers: { a: { kind: demo } }");
const second = sampleSnapshot("providers: { b: { kind: demo } }");

test("a listener hears of every swap, and of the snapshot that is there already", () => {
  const holder = new SnapshotHolder(() => {});
  const heard: string[] = [];
  expect(holder.current()).toBeUndefined();
  holder.onSwap((snapshot) => heard.push(`early ${snapshot.hash}`));
  holder.swap(first);
  holder.onSwap((snapshot) => heard.push(`late ${snapshot.hash}`));
  holder.swap(second);
  expect(heard).toEqual([
    `early ${first.hash}`,
    `late ${first.hash}`,
    `early ${second.hash}`,
    `late ${second.hash}`,
  ]);
  expect(holder.current()).toBe(second);
});

test("a listener that throws stops neither the swap nor the others", () => {
  const faults: unknown[] = [];
  const holder = new SnapshotHolder((error) => faults.push(error));
  const heard: string[] = [];
  const broken = new Error("broken");
  holder.onSwap(() => {
    throw broken;
  });
  holder.onSwap((snapshot) => heard.push(snapshot.hash));
  holder.swap(first);
  expect(heard).toEqual([first.hash]);
  expect(faults).toEqual([broken]);
  expect(holder.current()).toBe(first);
});
