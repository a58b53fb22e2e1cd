// Upstreams over TLS: only certificates of the right host, from somebody who is trusted.

import { afterAll, beforeAll, expect, test } from "bun:test";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
let folder = "";
let server: Bun.Server<undefined> | undefined;

const openssl = (...given: string[]) =>
  execFileSync("openssl", given, { cwd: folder, stdio: "ignore" });

beforeAll(() => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), "sluice-tls-"));
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:localhost");
  const request = ["req", "-newkey", "rsa:2048", "-nodes"];
  openssl(
    ...request,
    "-x509",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=test",
  );
  openssl(...request, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=localhost");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
  openssl("x509", "-req", "-in", "own.csr", ...signed, "-extfile", "names", "-out", "own.pem");
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key: Bun.file(join(folder, "own.key")), cert: Bun.file(join(folder, "own.pem")) },
    fetch: async (request) => new Response(`took ${(await request.text()).length}`),
  });
});

afterAll(() => {
  server?.stop(true);
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

/** Calls from a process of its own, because whom to trust is read once. */
async function call(host: string, trusted: boolean, bytes = 3): Promise<string> {
  const script = join(ROOT, "test/support/call-upstream.ts");
  const child = Bun.spawn(
    [process.execPath, script, `https://${host}:${server?.port}/v1/x`, String(bytes)],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted ? join(folder, "ca.pem") : "" },
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  return (await new Response(child.stdout).text()).trim();
}

test.skipIf(!hasOpenssl)(
  "a trusted certificate of the host that was asked for is taken",
  async () => {
    expect(await call("localhost", true)).toBe("200 took 3");
  },
);

test.skipIf(!hasOpenssl)("a body larger than the network takes at once arrives whole", async () => {
  expect(await call("localhost", true, 9_000_000)).toBe("200 took 9000000");
});

test.skipIf(!hasOpenssl)(
  "a certificate of another host is refused before anything is sent",
  async () => {
    expect(await call("127.0.0.1", true)).toMatch(/^connect_failed .*altnames/);
  },
);

test.skipIf(!hasOpenssl)("a certificate of nobody who is trusted is refused", async () => {
  expect(await call("localhost", false)).toMatch(/^connect_failed .*verify/);
});
