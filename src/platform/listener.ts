// The listener: sockets in, calls out. Knows nothing of what is being asked.

/** A call as it came in. */
export interface ListenedCall {
  readonly request: Request;
  /** As sent, percent-encoding included, without query. Never holds a dot segment. */
  readonly path: string;
  /** With the leading `?`, or empty. */
  readonly query: string;
  /** Address of the peer, without port; empty when the peer has left. */
  readonly peerAddress: string;
  /**
   * How long nothing may move on the connection before it is closed, from now on; 0 = for ever. Holds for
   * later calls on the same connection too.
   * @param seconds at most 255
   */
  limitSilence(seconds: number): void;
}

/** What to listen on and what for. */
export interface ListenerOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** Must not reject. */
  readonly handle: (call: ListenedCall) => Promise<Response> | Response;
  /** Paths served as they stand: these skip the check of each segment. */
  readonly exactPaths: readonly string[];
  /** Seconds; `IDLE_SECONDS` unless told. */
  readonly idleSeconds?: number;
}

/** A listener that is serving. */
export interface Listener {
  readonly host: string;
  /** The port in fact, also when 0 was asked for. */
  readonly port: number;
  /** Closes everything at once. Draining is the owner's business, before this. */
  stop(): void;
}

/**
 * A connection on which nothing moves for so long is closed: idle ones, heads and bodies that stay away.
 * Longer than what clients keep idle connections for, so that it is the client who lets go first.
 */
const IDLE_SECONDS = 120;
/** Deeper paths do not exist; a model name with more slashes than this neither. */
const MOST_SEGMENTS = 24;
/** The runtime's own limit answers without a body; the gateway's limit has to be met first. */
const LARGEST_BODY_BYTES = 2 ** 32;

/**
 * Starts listening.
 *
 * The runtime normalises dot segments before a handler sees the URL, so that `/a/../b` looks like `/b`.
 * Its router matches the raw target, though: a route for each number of segments shows them as they
 * were sent, and a call that holds a dot segment, plain or encoded, is answered 400.
 */
export function startListener(options: ListenerOptions): Listener {
  type Routed = Request & { readonly params?: Readonly<Record<string, string>> };
  const plain = (request: Request, server: Bun.Server<undefined>) => {
    const target = splitTarget(request.url);
    if (target === undefined || hasDoubtfulHead(request.headers)) return refusal();
    const peerAddress = server.requestIP(request)?.address ?? "";
    const limitSilence = (seconds: number) => server.timeout(request, seconds);
    return options.handle({ request, ...target, peerAddress, limitSilence });
  };
  const checked = (request: Routed, server: Bun.Server<undefined>) => {
    for (const segment of Object.values(request.params ?? {})) {
      if (isDoubtfulSegment(segment)) return refusal();
    }
    return plain(request, server);
  };
  // Empty segments and paths deeper than any route end up here. Any other path that does was made by
  // the runtime out of dot segments that the routes had no chance to see.
  const unrouted = (request: Request, server: Bun.Server<undefined>) => {
    const path = splitTarget(request.url)?.path ?? "";
    return path.includes("//") || (path.length > 1 && path.endsWith("/"))
      ? plain(request, server)
      : refusal();
  };
  const routes: Record<string, typeof plain> = { "/": plain };
  let pattern = "";
  for (let depth = 1; depth <= MOST_SEGMENTS; depth += 1) {
    pattern += `/:s${depth}`;
    routes[pattern] = checked;
  }
  for (const path of options.exactPaths) routes[path] = plain;
  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    idleTimeout: options.idleSeconds ?? IDLE_SECONDS,
    maxRequestBodySize: LARGEST_BODY_BYTES,
    // Otherwise an answer that is cut off on purpose prints the source of where it was.
    development: false,
    // Which would by itself let a second process share the port, each with half of the calls.
    reusePort: false,
    routes,
    fetch: unrouted,
    error: () => new Response(null, { status: 500 }),
  });
  return {
    host: options.host,
    port: server.port ?? options.port,
    stop: () => {
      server.stop(true);
    },
  };
}

/** Refusals below the gateway have no body, and nothing on such a connection is believed afterwards. */
function refusal(): Response {
  return new Response(null, { status: 400, headers: { connection: "close" } });
}

/**
 * A decoded segment that is, or through encoded slashes contains, a dot segment; or that holds a
 * backslash, which the runtime reads as a slash and others do not.
 */
function isDoubtfulSegment(segment: string): boolean {
  if (segment.includes("\\")) return true;
  if (!segment.includes(".")) return false;
  return segment.split("/").some((part) => part === "." || part === "..");
}

/** Two of what must be one: whoever stands in front may have taken the other. */
function hasDoubtfulHead(headers: Headers): boolean {
  return (
    headers.get("host")?.includes(",") === true ||
    headers.get("content-length")?.includes(",") === true
  );
}

/**
 * Path and query as they were sent. The runtime gives a URL without origin where the `host` header is
 * missing (HTTP/1.0) or none that a URL can hold.
 * @returns undefined for a target that is no path (CONNECT)
 */
function splitTarget(url: string): { path: string; query: string } | undefined {
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("://") + 3);
  if (start === -1) return undefined;
  const end = url.indexOf("?", start);
  return end === -1
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, end), query: url.slice(end) };
}
