import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processSecrets } from "./process-secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-secrets-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const random = { bytes: (count: number) => new Uint8Array(count).fill(7) };
const GOOD = "9f2c4e61a0b3d587";

function take(adminKey: string | undefined, secretKey: string | undefined) {
  return processSecrets({ adminKey, secretKey }, join(folder, "data"), random);
}

describe("secrets of the process", () => {
  test.each([
    ...["", "   ", "short", "aaaaaaaaaaaaaaaa", "abababababababab"],
    ...["changeme", "Change-Me", "CHANGE_THIS", "password", "Password123", "12345678"],
    ...["sk-sluice-demo", "your-admin-key", "super-secret", "admin-admin"],
  ])("%p is refused as either", (value) => {
    expect(() => take(value, GOOD)).toThrow("SLUICE_ADMIN_KEY");
    expect(() => take(GOOD, value)).toThrow("SLUICE_SECRET_KEY");
  });

  test("of the environment are taken as they are", () => {
    const { adminKey, keepAdminKey } = take(GOOD, GOOD);
    expect([adminKey.reveal(), keepAdminKey]).toEqual([GOOD, undefined]);
  });

  test("that are missing are made once, readable for the owner alone", () => {
    const first = take(undefined, undefined);
    expect(first.keepAdminKey?.()).toBe(first.adminKey.reveal());
    const second = take(undefined, undefined);
    expect(second.keepAdminKey).toBeUndefined();
    expect(second.adminKey.reveal()).toBe(first.adminKey.reveal());
    for (const name of ["admin-key", "secret-key"]) {
      expect(statSync(join(folder, "data", name)).mode & 0o777).toBe(0o600);
    }
  });
});
