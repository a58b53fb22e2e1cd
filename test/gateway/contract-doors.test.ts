// What answers beside the calls of models: its errors are JSON in the form of the admin API.

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type GatewayProcess, startGateway } from "#support/gateway-process.ts";

const PROVIDERS = "providers: { demo: { kind: demo } }\n";

let gateway: GatewayProcess;
let apart: GatewayProcess;
beforeAll(async () => {
  [gateway, apart] = await Promise.all([
    startGateway({ config: PROVIDERS }),
    startGateway({ config: `server: { admin_listen: "127.0.0.1:0" }\n${PROVIDERS}` }),
  ]);
});
afterAll(() => Promise.all([gateway.stop(), apart.stop()]));

type Ask = readonly [method: string, url: () => string, status: number, code: string];

const ASKS: readonly Ask[] = [
  ["GET", () => `${gateway.baseUrl}/metrics`, 401, "invalid_key"],
  ["POST", () => `${gateway.baseUrl}/metrics`, 405, "method_not_allowed"],
  ["POST", () => `${gateway.baseUrl}/healthz`, 405, "method_not_allowed"],
  ["DELETE", () => `${gateway.baseUrl}/`, 405, "method_not_allowed"],
  ["GET", () => `${gateway.baseUrl}/ui`, 401, "invalid_key"],
  ["GET", () => `${apart.baseUrl}/metrics`, 404, "unknown_route"],
  ["GET", () => `${apart.baseUrl}/ui`, 404, "unknown_route"],
  ["GET", () => `${apart.baseUrl}/admin/v1/keys`, 404, "unknown_route"],
  ["POST", () => `${apart.adminUrl}/v1/chat/completions`, 404, "unknown_route"],
];

describe("an error beside the calls of models", () => {
  test.each(ASKS.map(([method, url, ...rest]) => [method, url, ...rest] as const))(
    "%# is JSON with a code",
    async (method, url, status, code) => {
      const reply = await fetch(url(), { method });
      expect([url(), reply.status]).toEqual([url(), status]);
      expect(reply.headers.get("content-type")).toStartWith("application/json");
      expect(await reply.json()).toEqual({
        error: { code, message: expect.any(String), path: null, hint: expect.any(String) },
      });
      expect(reply.headers.get("allow")).toBe(status === 405 ? "GET, HEAD" : null);
    },
  );
});

test("the dashboard says to whoever may know that it is not there yet", async () => {
  const headers = { authorization: `Bearer ${gateway.adminKey}` };
  const reply = await fetch(`${gateway.baseUrl}/ui`, { headers });
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ error: { code: "not_available" } });
});

test("probes answer GET and HEAD without a credential", async () => {
  for (const path of ["/", "/healthz", "/readyz"]) {
    for (const method of ["GET", "HEAD"]) {
      expect((await fetch(gateway.baseUrl + path, { method })).status).toBe(200);
      expect((await fetch(apart.adminUrl + path, { method })).status).toBe(200);
    }
  }
});
