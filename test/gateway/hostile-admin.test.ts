// Names that whoever holds the admin key may send by mistake or malice: kept as they are, or refused.

import { expect, test } from "bun:test";
import { asArray, asObject } from "#core/json.ts";
import { gatewayBench } from "./bench.ts";

const bench = gatewayBench();
bench.route("openai-chat");

function create(name: string): Promise<Response> {
  // Written by hand: what is no text must reach the gateway as it is.
  const body = `{"name":"${name}","tenant":"acme"}`;
  return bench.gateway.admin("/keys", { method: "POST", body });
}

async function names(): Promise<unknown[]> {
  const page = asObject(await (await bench.gateway.admin("/keys?limit=1000")).json());
  return asArray(page?.["data"]).map((row) => asObject(row)?.["name"]);
}

test.each(["\\ud800", "a\\udc00b", "\\u0000", "a\\nb", "\\u202eb", "\\u2028", ""])(
  "a key cannot be called %p",
  async (name) => {
    const reply = await create(name);
    expect(reply.status).toBe(400);
    expect(asObject(await reply.json())).toMatchObject({ error: { path: "name" } });
  },
);

test("names with signs of other languages and of SQL are kept as they are, over a restart too", async () => {
  const wanted = ["'; drop table keys; --", "café 日本 🦆", "__proto__", "%00"];
  for (const name of wanted) expect((await create(name)).status).toBe(201);
  expect(await names()).toEqual(wanted);
  await bench.gateway.restart();
  expect(await names()).toEqual(wanted);
});
