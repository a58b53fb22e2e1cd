// Values by login: the same for the same words, another for other words or secrets.

import { expect, test } from "bun:test";
import type { EntraLogin } from "#core/login.ts";
import { Secret } from "#core/secret.ts";
import { ByLogin } from "./by-login.ts";

function login(secret: string, changes: Partial<EntraLogin> = {}): EntraLogin {
  return {
    by: "entra",
    tokenUrl: "https://login.example/token",
    clientId: "app",
    scope: "scope",
    clientSecret: new Secret(secret),
    federatedTokenFile: undefined,
    ...changes,
  };
}

test("a login that says the same as an earlier one has the same value", () => {
  const values = new ByLogin<EntraLogin, object>();
  const first = values.get(login("one"), () => ({}));
  expect(values.get(login("one"), () => ({}))).toBe(first);
  expect(values.get(login("two"), () => ({}))).not.toBe(first);
  expect(values.get(login("one", { scope: "other" }), () => ({}))).not.toBe(first);
});

test("what is asked again and again is made once, however many logins there are", () => {
  const values = new ByLogin<EntraLogin, number>();
  const kept = login("kept");
  let made = 0;
  const make = () => {
    made += 1;
    return made;
  };
  expect(values.get(kept, make)).toBe(1);
  for (let count = 0; count < 1_000; count += 1) values.get(login(`secret ${count}`), make);
  expect(values.get(kept, make)).toBe(1);
  expect(values.get(login("secret 999"), make)).toBe(1_001);
  expect(made).toBe(1_001);
  expect(values.get(login("secret 0"), make)).toBe(1_002);
});
