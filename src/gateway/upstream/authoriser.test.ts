// Logins as the gateway sees them: shared, bounded in time, told when they fail, never shown.

import { describe, expect, test } from "bun:test";
import type { GatewayEvent } from "#core/events.ts";
import type { AwsLogin, EntraLogin } from "#core/login.ts";
import {
  type Transport,
  TransportError,
  type UpstreamReply,
  type UpstreamRequest,
} from "#core/ports/transport.ts";
import { Secret } from "#core/secret.ts";
import { type FakeClock, fakeClock } from "#support/fake-clock.ts";
import { Authoriser, type UnauthorisedRequest } from "./authoriser.ts";

const TARGET = { provider: "cloud", key: "default" };
const SECRET = "client/secret~of-the-application~0123456789";
const ENTRA: EntraLogin = {
  by: "entra",
  tokenUrl: "https://login.example/t/oauth2/v2.0/token",
  clientId: "app",
  scope: "scope",
  clientSecret: new Secret(SECRET),
  federatedTokenFile: undefined,
};

/** A token service that answers as told, in the order asked. */
class Service implements Transport {
  readonly requests: UpstreamRequest[] = [];
  readonly #answers: (() => Promise<UpstreamReply>)[] = [];

  will(answer: () => Promise<UpstreamReply>): void {
    this.#answers.push(answer);
  }

  send(request: UpstreamRequest): Promise<UpstreamReply> {
    this.requests.push(request);
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error("asked once too often");
    return answer();
  }
}

function says(status: number, body: unknown): () => Promise<UpstreamReply> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return async () => {
    const { headers, body: stream } = new Response(text);
    return { status, headers, body: stream } as UpstreamReply;
  };
}

interface World {
  readonly clock: FakeClock;
  readonly service: Service;
  readonly events: GatewayEvent[];
  authorise(changes?: Partial<UnauthorisedRequest>): ReturnType<Authoriser["authorise"]>;
}

function world(login: EntraLogin | AwsLogin = ENTRA, files: Record<string, string> = {}): World {
  const clock = fakeClock(Date.UTC(2026, 10, 22, 12));
  const service = new Service();
  const events: GatewayEvent[] = [];
  const authoriser = new Authoriser({
    clock,
    transport: service,
    files: {
      read: async (path) => {
        const text = files[path];
        if (text === undefined) throw new Error("no such file");
        return text;
      },
    },
    emit: (event) => events.push(event),
  });
  const request: UnauthorisedRequest = {
    target: TARGET,
    method: "POST",
    url: "https://bedrock-runtime.eu-central-1.amazonaws.com/model/m/converse",
    headers: { "content-type": "application/json" },
    body: "{}",
    signal: new AbortController().signal,
  };
  return {
    clock,
    service,
    events,
    authorise: (changes = {}) => authoriser.authorise(login, { ...request, ...changes }),
  };
}

const TOKEN = { access_token: "first-token-0123456789", expires_in: 3600 };

describe("a token", () => {
  test("is fetched once for all calls and goes into one header", async () => {
    const { service, authorise } = world();
    service.will(says(200, TOKEN));
    const all = await Promise.all([authorise(), authorise(), authorise()]);
    for (const { headers, secrets } of all) {
      expect(headers).toEqual({ authorization: "Bearer first-token-0123456789" });
      expect(secrets).toEqual(["first-token-0123456789"]);
    }
    expect(service.requests).toHaveLength(1);
    expect(service.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("that is over before its time is fetched anew when the call says so", async () => {
    const { service, authorise } = world();
    service.will(says(200, TOKEN));
    service.will(says(200, { ...TOKEN, access_token: "second-token" }));
    expect((await authorise()).renew()).toBe(true);
    expect((await authorise()).headers["authorization"]).toBe("Bearer second-token");
  });
});

describe("a login that fails", () => {
  test.each([
    [says(401, { error: "invalid_client" }), "misconfigured", 401],
    [says(400, "<html>"), "misconfigured", 400],
    [says(302, ""), "misconfigured", 302],
    [says(200, "{}"), "misconfigured", 200],
    [says(429, "{}"), "rate_limited", 429],
    [says(500, "{}"), "server_error", 500],
    [says(503, "{}"), "overloaded", 503],
    [() => Promise.reject(new TransportError("connect_failed", "Refused.")), "connect_failed", 0],
    [() => Promise.reject(new TransportError("connect_timeout", "Slow.")), "connect_timeout", 0],
    [
      () => Promise.reject(new TransportError("forbidden_address", "Metadata.")),
      "misconfigured",
      0,
    ],
  ] as const)("is a failure of the attempt, and an event (%#)", async (answer, outcome, status) => {
    const { service, authorise, events } = world();
    service.will(answer);
    await expect(authorise()).rejects.toMatchObject({ name: "AttemptFailure", outcome, status });
    expect(events).toMatchObject([{ type: "login-failed", ...TARGET, outcome }]);
  });

  test("is not tried again by every call of a burst", async () => {
    const { clock, service, authorise } = world();
    service.will(says(401, { error: "invalid_client" }));
    for (let call = 0; call < 5; call += 1) await expect(authorise()).rejects.toThrow();
    expect(service.requests).toHaveLength(1);
    clock.advance(1_000);
    service.will(says(200, TOKEN));
    await authorise();
  });

  test("tells what the service said without anything that was sent", async () => {
    const file = "eyJhbGciOiJSUzI1NiJ9.of-the-workload.signature";
    const login = { ...ENTRA, federatedTokenFile: "/var/token", clientSecret: undefined };
    for (const [each, files, secret] of [
      [ENTRA, {}, SECRET],
      [login, { "/var/token": `${file}\n` }, file],
    ] as const) {
      const { service, authorise, events } = world(each, files);
      service.will(says(400, { error: "invalid_client", error_description: `Bad ${secret}!` }));
      await expect(authorise()).rejects.toThrow("invalid_client: Bad [key]!");
      expect(JSON.stringify(events)).not.toContain(secret.slice(0, 20));
    }
  });

  test("is given up when the service says nothing", async () => {
    const { clock, service, authorise } = world();
    service.will(() => {
      const { signal } = service.requests[0] as UpstreamRequest;
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(new TransportError("aborted", "Ended.")));
      });
    });
    const refused = authorise().catch((failure: unknown) => failure);
    await clock.advanceAsync(9_999);
    expect(service.requests[0]?.signal.aborted).toBe(false);
    await clock.advanceAsync(1);
    expect(await refused).toMatchObject({ outcome: "connect_timeout" });
    expect(clock.pending).toBe(0);
  });
});

test("a call that is ended stops waiting, and the others get what it waited for", async () => {
  const { service, authorise } = world();
  const { promise, resolve } = Promise.withResolvers<UpstreamReply>();
  service.will(() => promise);
  const leaving = new AbortController();
  const left = authorise({ signal: leaving.signal }).catch((failure: unknown) => failure);
  const stayed = authorise();
  leaving.abort();
  expect(await left).toMatchObject({ outcome: "connect_failed" });
  resolve(await says(200, TOKEN)());
  expect((await stayed).headers["authorization"]).toBe("Bearer first-token-0123456789");
});

const AWS: AwsLogin = {
  by: "aws",
  region: "eu-central-1",
  service: "bedrock",
  keys: {
    accessKeyId: new Secret("AKIAEXAMPLE"),
    secretAccessKey: new Secret("secret"),
    sessionToken: undefined,
  },
  role: undefined,
  keyServer: undefined,
  stsUrl: "https://sts.eu-central-1.amazonaws.com/",
};

describe("a signature", () => {
  test("needs nobody else where the keys are there, and covers text, bytes and Blobs alike", async () => {
    const { authorise } = world(AWS);
    const bodies = ["{}", new TextEncoder().encode("{}"), new Blob(["{}"])];
    const signed = await Promise.all(bodies.map((body) => authorise({ body })));
    const [first] = signed;
    for (const each of signed) expect(each.headers).toEqual(first?.headers ?? {});
    expect(first?.headers["authorization"]).toContain(
      "/20261122/eu-central-1/bedrock/aws4_request",
    );
    expect(first?.renew()).toBe(false);
    const other = await authorise({ body: "{ }" });
    expect(other.headers["authorization"]).not.toBe(first?.headers["authorization"]);
  });

  test("is made with the hash that another thread has computed, and is a secret itself", async () => {
    const { authorise } = world(AWS);
    const bodySha256 = "0".repeat(64);
    const { headers, secrets } = await authorise({ bodySha256 });
    expect(headers["x-amz-content-sha256"]).toBe(bodySha256);
    const signature = headers["authorization"]?.split("Signature=")[1] ?? "";
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets).toEqual(["AKIAEXAMPLE", "secret", signature]);
  });
});
