// The admin API as a client sees it: who gets in, what is refused and how, what the answers hold.

import { beforeEach, describe, expect, test } from "bun:test";
import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { GatewayEvent } from "#core/events.ts";
import type { JsonObject } from "#core/json.ts";
import type { DocumentVersion } from "#core/ports/document-store.ts";
import type { StoredKey } from "#core/ports/key-store.ts";
import type { DecisionQuery, UsageQuery } from "#core/ports/record-store.ts";
import { Secret } from "#core/secret.ts";
import type { ConfigIssue } from "#snapshot/document/issue.ts";
import type { Snapshot } from "#snapshot/snapshot.ts";
import type { Applied, ApplyOptions, CheckReport } from "../documents/document-service.ts";
import { KeyDirectory } from "../keys/directory.ts";
import { derivePepper } from "../keys/keyed-hash.ts";
import { KeyService } from "../keys/lifecycle.ts";
import { createAdminApi } from "./admin-api.ts";
import type { AdminDependencies, DocumentDesk } from "./admin-dependencies.ts";
import { ROUTES } from "./routes.ts";

const ADMIN_KEY = "the admin key of this test";
const NOW = Date.UTC(2026, 0, 15, 12);

const SNAPSHOT = {
  keys: [],
  plans: new Map([["standard", { name: "standard", models: undefined }]]),
  tenants: new Map([
    ["acme", { name: "acme", plan: "standard", projects: new Set(["bot"]), timeZone: "UTC" }],
  ]),
} as unknown as Snapshot;

class Desk implements DocumentDesk {
  applied: DocumentVersion[] = [
    { version: 1, source: "file:x", text: "version: 1\n", hash: "aa", appliedAt: NOW },
  ];

  current() {
    const entry = this.applied.at(-1);
    if (entry === undefined) return undefined;
    return { config: entry.text, version: entry.version, source: entry.source };
  }

  async check(text: string): Promise<CheckReport> {
    const isBad = text.includes("bad");
    return { valid: !isBad, errors: isBad ? [FAULT] : [], warnings: [], tests: [] };
  }

  async apply(text: string, { source, ifMatch }: ApplyOptions): Promise<Applied> {
    if (ifMatch !== undefined && ifMatch !== this.applied.length) {
      throw new GatewayError("version_moved", "Moved.");
    }
    if (!(await this.check(text)).valid) {
      throw new GatewayError("invalid_config", "It has errors.", { details: [{ ...FAULT }] });
    }
    const version = this.applied.length + 1;
    this.applied.push({ version, source, text, hash: "bb", appliedAt: NOW });
    return { ok: true, isNewVersion: true, version, source, snapshot: SNAPSHOT, warnings: [] };
  }

  async versions(limit: number): Promise<readonly DocumentVersion[]> {
    return this.applied.toReversed().slice(0, limit);
  }

  async rollback(version: number, ifMatch?: number): Promise<Applied> {
    const found = this.applied.find((entry) => entry.version === version);
    if (found === undefined) throw new GatewayError("not_found", "No such version.");
    return this.apply(found.text, { source: `rollback:${version}`, ifMatch });
  }
}

const FAULT: ConfigIssue = {
  code: "unknown_key",
  path: "models",
  line: 2,
  column: 1,
  message: "no",
  hint: "",
};

class Bench {
  rows: StoredKey[] = [];
  usageQueries: UsageQuery[] = [];
  decisionQueries: DecisionQuery[] = [];
  events: GatewayEvent[] = [];
  recordsFail = false;
  #byte = 0;
  readonly documents = new Desk();
  readonly clock = { now: () => NOW, monotonic: () => 0, after: () => () => {} };
  readonly dependencies: AdminDependencies = {
    keys: this.#keyService(),
    records: {
      usage: async (query) => {
        this.usageQueries.push(query);
        if (this.recordsFail) throw new Error("the disk is gone");
        return { data: [], next_cursor: null };
      },
      decisions: async (query) => {
        this.decisionQueries.push(query);
        return { data: [], next_cursor: null };
      },
      decision: async () => undefined,
    },
    documents: this.documents,
    targets: () => [],
    parseJson: (bytes) => {
      try {
        return JSON.parse(new TextDecoder().decode(bytes));
      } catch {
        throw invalidRequest("", "The body is not valid JSON.");
      }
    },
    clock: this.clock,
    random: { bytes: (count) => new Uint8Array(count) },
    adminKey: new Secret(ADMIN_KEY),
    version: "1.2.3",
    emit: (event) => this.events.push(event),
  };
  readonly api = createAdminApi(this.dependencies);

  #keyService(): KeyService {
    const pepper = derivePepper(new Secret("secret"));
    const directory = new KeyDirectory(pepper, this.clock);
    directory.useSnapshot(SNAPSHOT);
    return new KeyService({
      pepper,
      directory,
      clock: this.clock,
      snapshots: { current: () => SNAPSHOT },
      random: { bytes: (count) => Uint8Array.from({ length: count }, () => this.#byte++ * 7) },
      store: {
        list: async () => this.rows,
        put: async (key) => {
          this.rows = [...this.rows.filter(({ id }) => id !== key.id), key];
        },
      },
    });
  }

  /** Sends a request with the admin key unless another credential is given. */
  async call(
    line: string,
    options: { body?: unknown; headers?: Record<string, string>; credential?: string } = {},
  ): Promise<{ status: number; headers: Headers; body: JsonObject }> {
    const [method = "", target = ""] = line.split(" ");
    const url = new URL(`http://127.0.0.1:8080/admin/v1${target}`);
    const headers = new Headers(options.headers);
    const credential = options.credential ?? `Bearer ${ADMIN_KEY}`;
    if (credential !== "") headers.set("authorization", credential);
    const hasBody = options.body !== undefined;
    if (hasBody && !headers.has("content-type")) headers.set("content-type", "application/json");
    const text = typeof options.body === "string" ? options.body : JSON.stringify(options.body);
    const request = new Request(url, { method, headers, ...(hasBody ? { body: text } : {}) });
    const response = await this.api(request, url.pathname);
    const answer = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: answer === "" ? {} : JSON.parse(answer),
    };
  }

  async refusal(line: string, options: Parameters<Bench["call"]>[1] = {}): Promise<string> {
    const { status, body } = await this.call(line, options);
    const error = body["error"] as JsonObject;
    return `${status} ${error["code"]} ${error["path"] ?? "-"}`;
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

/** Every route as a request line. */
const LINES = ROUTES.map(({ method, path }) => {
  return `${method} ${path.replace("/admin/v1", "").replace("{id}", "some-id")}`;
});

const WISH = { name: "web", tenant: "acme" };

describe("who gets in", () => {
  test("no route answers without a credential, with a caller's key, or with half of the admin key", async () => {
    const { body } = await bench.call("POST /keys", { body: WISH });
    const others = [
      "",
      `Bearer ${body["key"]}`,
      `Bearer ${ADMIN_KEY.slice(0, -1)}`,
      "Bearer ",
      "Basic x",
    ];
    for (const credential of others) {
      for (const line of [...LINES, "GET /nothing", "PATCH /keys"]) {
        expect(await bench.refusal(line, { credential })).toBe("401 invalid_key -");
      }
    }
    expect(bench.usageQueries).toEqual([]);
    expect(bench.rows.length).toBe(1);
  });

  test("every route knows the admin key, and every answer has its id", async () => {
    for (const line of LINES) {
      const { status, headers } = await bench.call(line);
      expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
      expect([line, status]).not.toEqual([line, 401]);
      expect([line, status]).not.toEqual([line, 500]);
    }
  });

  test("an empty admin key opens nothing", async () => {
    const api = createAdminApi({ ...bench.dependencies, adminKey: new Secret("") });
    const headers = { authorization: "Bearer " };
    const request = new Request("http://h/admin/v1/keys", { headers });
    expect((await api(request, "/admin/v1/keys")).status).toBe(401);
  });
});

describe("the form of answers", () => {
  test("errors have code, message, path and hint, and nothing is stored on the way", async () => {
    const { status, headers, body } = await bench.call("POST /keys", { body: { name: "x" } });
    expect(status).toBe(400);
    expect(Object.keys(body["error"] as JsonObject).sort()).toEqual([
      "code",
      "hint",
      "message",
      "path",
    ]);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("content-type")).toStartWith("application/json");
  });

  test("unknown paths, other methods and what is not built are told apart", async () => {
    expect(await bench.refusal("GET /nothing")).toBe("404 unknown_route -");
    expect(await bench.refusal("GET /keys/")).toBe("404 unknown_route -");
    expect(await bench.refusal("PATCH /keys")).toBe("405 method_not_allowed -");
    expect((await bench.call("PATCH /keys")).headers.get("allow")).toBe("POST, GET");
    for (const line of ["GET /ledger", "GET /budgets", "POST /explain", "POST /replay"]) {
      expect(await bench.refusal(line)).toBe("400 not_available -");
    }
  });

  test("a fault of ours is a 500 without its text, and is reported", async () => {
    bench.recordsFail = true;
    const { status, body } = await bench.call("GET /usage");
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain("disk");
    expect(bench.events.map(({ type }) => type)).toEqual(["fault-caught"]);
  });

  test("answers are what the route declares", async () => {
    const { body } = await bench.call("POST /keys", { body: WISH });
    const lines = ["GET /keys", "GET /usage", "GET /decisions", "GET /targets", "GET /config"];
    const answers: (readonly [string, JsonObject])[] = [["createKey", body]];
    for (const line of [...lines, "GET /config/versions", "GET /openapi.json"]) {
      const found = ROUTES.find(({ method, path }) => line === `${method} ${path.slice(9)}`);
      answers.push([found?.id ?? "", (await bench.call(line)).body]);
    }
    for (const [id, answer] of answers) {
      const declared = ROUTES.find((one) => one.id === id)?.response;
      expect([id, declared?.safeParse(answer).success]).toEqual([id, true]);
    }
  });
});

describe("keys", () => {
  test("a key goes through its life", async () => {
    const made = await bench.call("POST /keys", { body: { ...WISH, project: "bot", tags: ["a"] } });
    expect(made.status).toBe(201);
    expect(made.body["key"]).toStartWith("sk-sluice-");
    const id = `${made.body["id"]}`;
    const rotated = await bench.call(`POST /keys/${id}/rotate`, { body: { grace_seconds: 60 } });
    expect(rotated.body).toMatchObject({ id, old_valid_until: "2026-01-15T12:01:00.000Z" });
    expect(rotated.body["key"]).not.toBe(made.body["key"]);
    expect((await bench.call(`DELETE /keys/${id}`)).status).toBe(204);
    expect(await bench.refusal(`DELETE /keys/${id}`)).toBe("404 not_found -");
    const { body } = await bench.call("GET /keys");
    expect(body["data"]).toMatchObject([{ id, name: "web", project: "bot", status: "revoked" }]);
    expect(JSON.stringify(body)).not.toContain("sk-sluice-");
  });

  test("faults name their field", async () => {
    const refused = (part: JsonObject) =>
      bench.refusal("POST /keys", { body: { ...WISH, ...part } });
    expect(await refused({ name: "" })).toBe("400 invalid_request name");
    expect(await refused({ name: "a\nb" })).toBe("400 invalid_request name");
    expect(await refused({ tenant: "nobody" })).toBe("400 invalid_request tenant");
    expect(await refused({ models: ["a", 1] })).toBe("400 invalid_request models[1]");
    expect(await refused({ expires_at: "soon" })).toBe("400 invalid_request expires_at");
    expect(await refused({ tennant: "x" })).toBe("400 invalid_request tennant");
    expect(await refused({ budget: { usd: 1 } })).toBe("400 not_available budget");
    expect(await refused({ limits: null })).toBe("400 not_available limits");
    expect(bench.rows).toEqual([]);
  });

  test("pages follow each other and end", async () => {
    for (const name of ["a", "b", "c"]) await bench.call("POST /keys", { body: { ...WISH, name } });
    const first = await bench.call("GET /keys?limit=2");
    const cursor = first.body["next_cursor"];
    const second = await bench.call(`GET /keys?limit=2&cursor=${cursor}`);
    const names = [first, second].flatMap(({ body }) => body["data"] as JsonObject[]);
    expect(names.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(second.body["next_cursor"]).toBeNull();
    expect(await bench.refusal("GET /keys?cursor=nonsense")).toBe("400 invalid_request cursor");
    expect(await bench.refusal("GET /keys?limit=0")).toBe("400 invalid_request limit");
    expect(await bench.refusal("GET /keys?limit=1001")).toBe("400 invalid_request limit");
    expect(await bench.refusal("GET /keys?limit=1&limit=2")).toBe("400 invalid_request limit");
  });
});

describe("bodies", () => {
  test("other content types, compressed and huge bodies are refused", async () => {
    const send = (headers: Record<string, string>, body: unknown = WISH) =>
      bench.refusal("POST /keys", { body, headers });
    expect(await send({ "content-type": "text/plain" })).toBe("415 unsupported_encoding -");
    expect(await send({ "content-encoding": "gzip" })).toBe("415 unsupported_encoding -");
    expect(await send({}, " ".repeat(9_000_000))).toBe("413 body_too_large -");
    expect(await send({}, "{")).toBe("400 invalid_request -");
    expect(await send({}, "[]")).toBe("400 invalid_request -");
  });
});

describe("reports", () => {
  test("usage is by default of the last 24 hours and takes groups", async () => {
    await bench.call("GET /usage?group_by=tenant,day&time_zone=Europe/Berlin");
    expect(bench.usageQueries).toMatchObject([
      { groupBy: ["tenant", "day"], timeZone: "Europe/Berlin", limit: 100, tenants: undefined },
    ]);
    const { fromMs = 0, toMs = 0 } = bench.usageQueries[0] ?? {};
    expect(toMs - fromMs).toBe(24 * 3600 * 1000);
    expect(toMs).toBeGreaterThan(NOW);
  });

  test("times, groups and ranges that make no sense are refused", async () => {
    expect(await bench.refusal("GET /usage?from=yesterday")).toBe("400 invalid_request from");
    expect(await bench.refusal("GET /usage?group_by=colour")).toBe("400 invalid_request group_by");
    expect(await bench.refusal("GET /usage?group_by=day,day")).toBe("400 invalid_request group_by");
    const empty = "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
    expect(await bench.refusal(`GET /usage?${empty}`)).toBe("400 invalid_request from");
    expect(await bench.refusal("GET /decisions?colour=red")).toBe("400 invalid_request colour");
  });

  test("decisions take their filters, and an unknown one is not found", async () => {
    await bench.call("GET /decisions?tenant=acme&from=2026-01-01T00:00:00%2B01:00&limit=5");
    expect(bench.decisionQueries).toMatchObject([
      { tenant: "acme", model: "", fromMs: Date.UTC(2025, 11, 31, 23), limit: 5 },
    ]);
    expect(await bench.refusal("GET /decisions/dec_none")).toBe("404 not_found -");
    expect(await bench.refusal("GET /decisions/%ff")).toBe("400 invalid_request -");
  });
});

describe("the configuration", () => {
  test("a document is applied against the version that it was made from", async () => {
    const body = { config: "version: 1 # new" };
    expect(await bench.refusal("PUT /config", { body })).toBe("400 invalid_request if-match");
    const moved = { body, headers: { "if-match": "7" } };
    expect(await bench.refusal("PUT /config", moved)).toBe("412 version_moved -");
    const done = await bench.call("PUT /config", { body, headers: { "if-match": '"1"' } });
    expect(done.body).toEqual({
      config: body.config,
      version: 2,
      source: "api",
      warnings: [],
    });
    expect(done.headers.get("etag")).toBe('"2"');
    expect((await bench.call("GET /config")).body["version"]).toBe(2);
  });

  test("a bad document is refused whole, with the places of its errors", async () => {
    const options = { body: { config: "bad" }, headers: { "if-match": "1" } };
    expect(await bench.refusal("PUT /config", options)).toBe("422 invalid_config -");
    const { body } = await bench.call("PUT /config", options);
    expect(body["error"]).toMatchObject({ details: [{ path: "models", line: 2, column: 1 }] });
    const check = await bench.call("POST /config/check", { body: { config: "bad" } });
    expect(check.body).toMatchObject({ valid: false, errors: [{ line: 2 }], tests: [] });
    expect(bench.documents.applied.length).toBe(1);
  });

  test("versions are listed, and an earlier one comes back as a new one", async () => {
    await bench.call("PUT /config", { body: { config: "b" }, headers: { "if-match": "1" } });
    const back = await bench.call("POST /config/rollback", { body: { version: 1 } });
    expect(back.body).toMatchObject({ version: 3, config: "version: 1\n" });
    const { body } = await bench.call("GET /config/versions?limit=2");
    expect(body["data"]).toMatchObject([{ version: 3 }, { version: 2 }]);
    expect(await bench.refusal("POST /config/rollback", { body: { version: 9 } })).toBe(
      "404 not_found -",
    );
  });
});

describe("the OpenAPI document", () => {
  test("describes every route that is built and no other", async () => {
    const { body } = await bench.call("GET /openapi.json");
    const paths = body["paths"] as Record<string, JsonObject>;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const built = ROUTES.filter(({ response }) => response !== undefined);
    expect(described.sort()).toEqual(built.map(({ method, path }) => `${method} ${path}`).sort());
    expect(paths["/admin/v1/keys"]?.["post"]).toMatchObject({
      requestBody: {
        content: { "application/json": { schema: { required: ["name", "tenant"] } } },
      },
    });
    expect(paths["/admin/v1/usage"]?.["get"]).toMatchObject({
      parameters: [
        { name: "limit", schema: { default: 100, maximum: 1000 } },
        { name: "cursor" },
        {},
        {},
        {},
        {},
      ],
    });
  });
});
