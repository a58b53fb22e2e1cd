// The command line: what it asks the gateway, what it prints, how it ends.

import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "#app/version.ts";
import type { Json } from "#core/json.ts";
import { Secret } from "#core/secret.ts";

import { runCommandLine } from "./run.ts";

interface Sent {
  readonly line: string;
  readonly headers: Headers;
  readonly body: Json;
}

interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number;
  readonly sent: readonly Sent[];
}

/** Runs a command line against answers, each used once, in order. */
async function run(
  words: readonly string[],
  answers: readonly Response[] = [],
  adminKey: string = "the admin key",
): Promise<Outcome> {
  const sent: Sent[] = [];
  const left = [...answers];
  let out = "";
  let err = "";
  let code = 0;
  await runCommandLine(words, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    exitWith: (given) => {
      code = given;
    },
    exitNow: (given) => {
      throw new Error(`exit ${given}`);
    },
    fetch: async (request) => {
      const text = await request.text();
      const body = text === "" ? null : JSON.parse(text);
      sent.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const answer = left.shift();
      if (answer === undefined) throw new Error("connection refused");
      return answer;
    },
    environment: {
      url: "http://gateway.test:9000/",
      adminKey: adminKey === "" ? undefined : new Secret(adminKey),
      isLaunched: true,
      startedAtMs: Date.UTC(2026, 0, 15, 12),
    },
  });
  return { out, err, code, sent };
}

function refused(code: string, message: string, status: number, details?: Json): Response {
  return Response.json({ error: { code, message, path: null, hint: "", details } }, { status });
}

async function withFile<Result>(
  text: string,
  use: (file: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-cli-"));
  try {
    const file = join(folder, "sluice.yaml");
    writeFileSync(file, text);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("exit codes", () => {
  test("help and version end with 0", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0, err: "" });
    expect((await run(["version"])).out).toContain(`sluice ${version}`);
    expect(JSON.parse((await run(["version", "--json"])).out)).toMatchObject({ sluice: version });
  });

  test("wrong usage ends with 2", async () => {
    for (const words of [
      ["nonsense"],
      ["keys", "create"],
      ["keys", "rotate", "x", "--grace", "1"],
    ]) {
      const { code, err, sent } = await run(words);
      expect([words, code]).toEqual([words, 2]);
      expect(err).not.toBe("");
      expect(sent).toEqual([]);
    }
  });

  test("what is not built says so and ends with 2", async () => {
    const lines = [["explain", "x", "--y"], ["test"], ["replay"], ["ledger", "verify"]];
    for (const words of [...lines, ["init"], ["connect"], ["logs", "tail"]]) {
      const { code, err } = await run(words);
      expect(code).toBe(2);
      expect(err).toContain("not_available");
    }
  });

  test("without the admin key nothing is sent", async () => {
    const { code, err, sent } = await run(["keys", "list"], [], "");
    expect([code, sent]).toEqual([2, []]);
    expect(err).toContain("SLUICE_ADMIN_KEY");
  });

  test("a gateway that is not there, and one that refuses, end with 1", async () => {
    expect(await run(["keys", "list"])).toMatchObject({ code: 1 });
    const answer = await run(["keys", "revoke", "k1"], [refused("not_found", "No such key.", 404)]);
    expect(answer).toMatchObject({ code: 1, err: "sluice: not_found: No such key.\n" });
    const foreign = await run(["keys", "list"], [new Response("<html>", { status: 200 })]);
    expect(foreign.err).toContain("not one of a Sluice gateway");
  });
});

describe("keys", () => {
  test("create prints the key alone on standard output", async () => {
    const made = Response.json({ id: "k1", name: "web", key: "sk-sluice-x" }, { status: 201 });
    const words = ["keys", "create", "--name", "web", "--tenant", "acme", "--tag", "a", "b"];
    const { out, err, sent, code } = await run([...words, "--expires-at", "2027-01-31"], [made]);
    expect([code, out]).toEqual([0, "sk-sluice-x\n"]);
    expect(err).toContain("shown once");
    expect(sent[0]?.line).toBe("POST http://gateway.test:9000/admin/v1/keys");
    expect(sent[0]?.headers.get("authorization")).toBe("Bearer the admin key");
    expect(sent[0]?.body).toEqual({
      name: "web",
      tenant: "acme",
      tags: ["a", "b"],
      expires_at: "2027-01-31T00:00:00Z",
    });
  });

  test("rotate sends the grace in seconds; ids are one path segment", async () => {
    const made = Response.json({ id: "k1", key: "sk-sluice-y", old_valid_until: "2026" });
    const { sent } = await run(["keys", "rotate", "../x", "--grace", "1h"], [made]);
    expect(sent[0]?.line).toEndWith("/admin/v1/keys/..%2Fx/rotate");
    expect(sent[0]?.body).toEqual({ grace_seconds: 3600 });
  });

  test("list prints a table, or the page as it came", async () => {
    const page = {
      data: [{ id: "k1", name: "a\u001b[31m\nb", status: "active" }],
      next_cursor: "c",
    };
    const { out } = await run(["keys", "list", "--limit", "1"], [Response.json(page)]);
    expect(out.split("\n").length).toBe(4);
    expect(out).toContain("a\\u{1b}[31m\\u{a}b");
    expect(out).toContain("--cursor c");
    const asJson = await run(["--json", "keys", "list"], [Response.json(page)]);
    expect(JSON.parse(asJson.out)).toEqual(page);
  });
});

describe("usage", () => {
  test("times may be durations, days or times", async () => {
    const page = () => Response.json({ data: [], next_cursor: null });
    const words = ["usage", "--from", "24h", "--to", "2026-02-01", "--group-by", "tenant,day"];
    const { sent, out } = await run(words, [page()]);
    const query = new URL(sent[0]?.line.slice(4) ?? "").searchParams;
    expect(Object.fromEntries(query)).toEqual({
      from: "2026-01-14T12:00:00.000Z",
      to: "2026-02-01T00:00:00Z",
      group_by: "tenant,day",
    });
    expect(out).toBe("nothing found\n");
  });
});

test.each([
  ["7d", "2026-01-08T12:00:00.000Z"],
  ["yesterday", "2026-01-14T00:00:00.000Z"],
  ["Today", "2026-01-15T00:00:00.000Z"],
  ["2026-01-03", "2026-01-03T00:00:00Z"],
  ["2026-01-03T10:00:00+02:00", "2026-01-03T10:00:00+02:00"],
])("usage from %s begins at %s", async (from, wanted) => {
  const page = Response.json({ data: [], next_cursor: null });
  const { sent } = await run(["usage", "--from", from], [page]);
  expect(new URL(sent[0]?.line.slice(4) ?? "").searchParams.get("from")).toBe(wanted);
});

test.each(["last week", "2026-13-01", "2026-01-03T10:00", "24"])(
  "usage from %p is wrong usage, and says what can be written",
  async (from) => {
    const { code, err, sent } = await run(["usage", "--from", from]);
    expect([code, sent]).toEqual([2, []]);
    expect(err).toContain("--from");
    expect(err).toContain("24h, 7d, yesterday, 2026-01-31 or 2026-01-31T12:00:00Z");
  },
);

test("usage without a price does not look free in the table", async () => {
  const row = { model: "new", requests: 3, cost_usd: "0", unpriced_requests: 3 };
  const page = Response.json({ data: [row], next_cursor: null });
  const { out } = await run(["usage", "--group-by", "model"], [page]);
  const [head = "", cells = ""] = out.split("\n").map((line) => line.trim());
  expect(head).toEndWith("cost_usd  unpriced_requests");
  expect(cells).toEndWith("0         3");
});

describe("config", () => {
  test("apply sends the document against the version in force", async () => {
    const answers = [
      Response.json({ config: "", version: 4, source: "api" }),
      Response.json({ config: "", version: 5, source: "api", warnings: [] }),
    ];
    const { out, sent } = await withFile("version: 1\n", (file) =>
      run(["config", "apply", file], answers),
    );
    expect(out).toBe("version 5 is in force\n");
    expect(sent[1]?.line).toBe("PUT http://gateway.test:9000/admin/v1/config");
    expect(sent[1]?.headers.get("if-match")).toBe("4");
    expect(sent[1]?.body).toEqual({ config: "version: 1\n" });
  });

  test("what is wrong with a document is shown with its place", async () => {
    const details = [{ line: 3, column: 5, message: "Unknown key." }];
    const answer = refused("invalid_config", "It has errors.", 422, details);
    const { code, err } = await withFile("x: 1", (file) =>
      run(["config", "apply", file, "--if-match", "4"], [answer]),
    );
    expect(code).toBe(1);
    expect(err).toContain("  3:5: Unknown key.\n");
  });

  test("a file that is not there is wrong usage", async () => {
    expect(await run(["config", "apply", "/nowhere/x.yaml"])).toMatchObject({ code: 2, sent: [] });
  });

  test("rollback names its version", async () => {
    const applied = Response.json({ config: "", version: 6, source: "rollback:2", warnings: [] });
    const { sent, out } = await run(["config", "rollback", "2"], [applied]);
    expect(sent[0]).toMatchObject({ body: { version: 2 } });
    expect(out).toBe("version 6 is in force\n");
  });
});

describe("check, models and prices", () => {
  const DOCUMENT = [
    "providers:",
    "  demo: { kind: demo }",
    "models:",
    "  assistant: { targets: [demo/echo] }",
    "prices:",
    "  demo/echo: { input: 0.25, output: 2 }",
    "",
  ].join("\n");

  test("a good document ends with 0", async () => {
    const { code, out } = await withFile(DOCUMENT, (file) => run(["check", file]));
    expect([code, out]).toEqual([0, expect.stringContaining("0 errors")]);
  });

  test("an error is shown as file:line:column with the nearest name, and ends with 1", async () => {
    const { code, out } = await withFile("modles: {}\n", async (file) => {
      const outcome = await run(["check", "--config", file]);
      return { ...outcome, out: outcome.out.replaceAll(file, "FILE") };
    });
    expect(code).toBe(1);
    expect(out).toStartWith("FILE:1:1: error: ");
    expect(out).toContain("models");
    const asJson = await withFile("modles: {}\n", (file) => run(["check", file, "--json"]));
    expect(JSON.parse(asJson.out)).toMatchObject({
      valid: false,
      errors: [{ line: 1, column: 1 }],
    });
  });

  test("a document that is not there is wrong usage", async () => {
    expect((await run(["check", "/nowhere/x.yaml"])).code).toBe(2);
  });

  test("the schema is JSON", async () => {
    expect(JSON.parse((await run(["check", "--schema"])).out)).toMatchObject({ type: "object" });
  });

  test("models and prices follow the document", async () => {
    await withFile(DOCUMENT, async (file) => {
      const models = await run(["models", "-c", file, "--json", "assistant"]);
      expect(JSON.parse(models.out)).toMatchObject({
        data: [{ model: "assistant", provider: "sluice" }],
      });
      const prices = await run(["prices", "-c", file, "--json", "demo/echo"]);
      expect(JSON.parse(prices.out)).toMatchObject({
        data: [{ model: "demo/echo", input: "0.25", output: "2" }],
      });
    });
  });
});

describe("doctor", () => {
  test("tells what runs and what does not", async () => {
    const none = await run(["doctor", "--json"]);
    expect(none.code).toBe(0);
    expect(JSON.parse(none.out).findings).toContainEqual({
      name: "gateway",
      state: "skipped",
      detail: "nothing listens at http://gateway.test:9000",
    });
    const wrongKey = [new Response("ready"), refused("invalid_key", "No.", 401)];
    const found = await run(["doctor", "--json"], wrongKey);
    expect(found.code).toBe(1);
    expect(JSON.parse(found.out).findings.at(-1)).toMatchObject({
      name: "admin key",
      state: "wrong",
    });
  });
});
