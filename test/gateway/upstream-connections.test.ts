// Connections to upstreams: what is sent on them, how replies are read off them, when one is used again,
// and where none is made.

import { afterAll, describe, expect, test } from "bun:test";
import { TransportError, type UpstreamReply } from "#core/ports/transport.ts";
import { createHttpTransport } from "#platform/http-transport.ts";
import { systemClock } from "#platform/system-clock.ts";
import { type RawBehaviour, type RawConnection, rawUpstream } from "#support/raw-upstream.ts";

const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops) stop();
});

function upstream(behave: RawBehaviour, allowsPrivate = true) {
  const raw = rawUpstream(behave);
  stops.push(raw.stop);
  const transport = createHttpTransport(systemClock, () => allowsPrivate);
  const call = (
    body: string | Uint8Array | Blob = "{}",
    more: { origin?: string; signal?: AbortSignal; connectTimeoutMs?: number } = {},
  ) =>
    transport.send({
      url: `${more.origin ?? raw.origin}/v1/x`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: more.signal ?? new AbortController().signal,
      connectTimeoutMs: more.connectTimeoutMs ?? 5_000,
    });
  return { ...raw, call };
}

async function textOf(reply: UpstreamReply): Promise<string> {
  let text = "";
  const reader = reply.body?.getReader();
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) return text;
    text += Buffer.from(piece.value).toString("utf8");
  }
}

const faultOf = (sent: Promise<unknown>) =>
  sent.then(
    () => "none",
    (error: unknown) => (error instanceof TransportError ? error.fault : String(error)),
  );

const reply = (text: string, more = "") =>
  `HTTP/1.1 200 OK\r\n${more}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
const bodyOf = (connection: RawConnection) =>
  connection.received.slice(connection.received.indexOf("\r\n\r\n") + 4);

describe("a connection", () => {
  test("is used again for the next request, with head and body as they should be", async () => {
    const { call, connections } = upstream((connection) => connection.write(reply("one")));
    expect(await textOf(await call('{"ü":1}'))).toBe("one");
    const [first] = connections;
    expect(first?.received).toMatch(/^POST \/v1\/x HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
    expect(first?.received).toContain("\r\ncontent-length: 8\r\n");
    expect(await textOf(await call())).toBe("one");
    expect(connections.length).toBe(1);
  });

  test.each([
    ["says that it closes", reply("x", "connection: close\r\n")],
    ["is kept no longer than a second", reply("x", "keep-alive: timeout=1\r\n")],
    ["sends more than its reply", `${reply("x")}HTTP/1.1 200 OK\r\n\r\n`],
  ])("is not used again when the upstream %s", async (_why, text) => {
    const { call, connections } = upstream((connection) => connection.write(text));
    expect(await textOf(await call())).toBe("x");
    await connections[0]?.closed;
    expect(await textOf(await call())).toBe("x");
    expect(connections.length).toBe(2);
  });

  test("that was kept and is closed as the next request goes out is lost, not failed", async () => {
    const { call, connections } = upstream((connection) => {
      if (connection.received.includes("POST", 4)) connection.end();
      else connection.write(reply("one"));
    });
    expect(await textOf(await call())).toBe("one");
    expect(await faultOf(call())).toBe("connection_lost");
    expect(connections.length).toBe(1);
  });

  test("is closed when the attempt is ended, before the head and within the body", async () => {
    const { call, connections } = upstream((connection, number) => {
      if (number === 1) connection.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc");
    });
    const first = new AbortController();
    const waiting = faultOf(call("{}", { signal: first.signal }));
    while (connections[0]?.received === undefined) await Bun.sleep(0);
    first.abort();
    expect(await waiting).toBe("aborted");
    await connections[0]?.closed;
    const second = new AbortController();
    const opened = await call("{}", { signal: second.signal });
    second.abort();
    expect(await faultOf(textOf(opened))).toBe("aborted");
    await connections[1]?.closed;
  });

  test("that breaks within a head or a body is a broken attempt, never a short reply", async () => {
    const { call } = upstream((connection, number) => {
      connection.write(
        number === 0 ? "HTTP/1.1 200" : "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc",
      );
      connection.end();
    });
    expect(await faultOf(call())).toBe("connect_failed");
    expect(await faultOf(call().then(textOf))).toContain("closed the connection");
  });
});

describe("a reply", () => {
  const CHUNKED =
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";

  test("is the same wherever its bytes are cut", async () => {
    let cut = 0;
    const { call, connections } = upstream((connection) => {
      connection.write(CHUNKED.slice(0, cut));
      setImmediate(() => connection.write(CHUNKED.slice(cut)));
    });
    for (cut = 1; cut < CHUNKED.length; cut += 1) {
      expect(await textOf(await call())).toBe("hello world");
    }
    expect(connections.length).toBe(1);
  });

  test("may come after interim ones, and last until the connection closes", async () => {
    const { call } = upstream((connection) => {
      connection.write(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n",
      );
      connection.write("HTTP/1.1 200 OK\r\n\r\nuntil the end");
      connection.end();
    });
    expect(await textOf(await call())).toBe("until the end");
  });

  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    [
      "two framings",
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a head without end", `HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`],
    ["another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n"],
  ])("of %s fails and closes the connection", async (_what, text) => {
    const { call, connections } = upstream((connection) => connection.write(text));
    expect(await faultOf(call())).toBe("connect_failed");
    await connections[0]?.closed;
  });

  test("whose body is broken from its beginning fails at once", async () => {
    const { call, connections } = upstream((connection) =>
      connection.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n"),
    );
    expect(await faultOf(call().then(textOf))).toContain("size is malformed");
    await connections[0]?.closed;
  }, 2_000);

  test("that nobody reads makes the upstream wait", async () => {
    const piece = new Uint8Array(1_000_000);
    const full = Promise.withResolvers<void>();
    const { call, connections } = upstream((connection) => {
      connection.write("HTTP/1.1 200 OK\r\ncontent-length: 900000000\r\n\r\n");
      while (connection.write(piece) === piece.length && connection.sent < 800_000_000);
      full.resolve();
    });
    const opened = await call();
    await full.promise;
    expect(connections[0]?.sent).toBeLessThan(100_000_000);
    await opened.body?.cancel();
    await connections[0]?.closed;
  });
});

describe("a large request", () => {
  const large = "ä".repeat(2_000_000);

  test.each([
    ["text", large],
    ["bytes", new TextEncoder().encode(large)],
    ["a blob", new Blob([large])],
  ])("as %s reaches an upstream that reads late", async (_kind, body) => {
    const { call, connections } = upstream((connection) => {
      if (connection.received.length < 5_000) {
        connection.pause();
        setImmediate(() => connection.resume());
      }
      if (bodyOf(connection).length === 4_000_000) connection.write(reply("taken"));
    });
    expect(await textOf(await call(body))).toBe("taken");
    const [only] = connections;
    expect(Buffer.from(only === undefined ? "" : bodyOf(only), "latin1").toString("utf8")).toBe(
      large,
    );
  });

  test("that is answered before it is out leaves its connection to nobody", async () => {
    const { call, connections } = upstream((connection) => {
      connection.pause();
      connection.write(reply("too large"));
    });
    expect(await textOf(await call("x".repeat(60_000_000)))).toBe("too large");
    connections[0]?.resume();
    await connections[0]?.closed;
  });
});

describe("an address", () => {
  test("in a private range is not called unless the operator said so, whatever its name", async () => {
    const { call, connections, port } = upstream(() => {}, false);
    expect(await faultOf(call())).toBe("forbidden_address");
    expect(await faultOf(call("{}", { origin: `http://localhost:${port}` }))).toBe(
      "forbidden_address",
    );
    expect(connections.length).toBe(0);
  });

  test("for metadata is never called", async () => {
    const { call } = upstream(() => {});
    expect(await faultOf(call("{}", { origin: "http://169.254.169.254" }))).toBe(
      "forbidden_address",
    );
  });

  test("where nothing listens refuses the connection", async () => {
    const { call, stop } = upstream(() => {});
    stop();
    expect(await faultOf(call())).toBe("connect_failed");
  });

  test("where nobody shakes hands is given up, and its connection with it", async () => {
    const { call, connections, port } = upstream(() => undefined);
    const origin = `https://127.0.0.1:${port}`;
    expect(await faultOf(call("{}", { origin, connectTimeoutMs: 50 }))).toBe("connect_timeout");
    await connections[0]?.closed;
    expect(connections.length).toBe(1);
  });
});
