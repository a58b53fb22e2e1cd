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
}

/** A listener that is serving. */
export interface Listener {
  readonly host: string;
  /** The port in fact, also when 0 was asked for. */
  readonly port: number;
  /** Closes everything at once. Draining is the owner's business, before this. */
  stop(): void;
}

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
    const { path, query } = splitTarget(request.url);
    const peerAddress = server.requestIP(request)?.address ?? "";
    return options.handle({ request, path, query, peerAddress });
  };
  const checked = (request: Routed, server: Bun.Server<undefined>) => {
    for (const segment of Object.values(request.params ?? {})) {
      if (hasDotSegment(segment)) return new Response(null, { status: 400 });
    }
    return plain(request, server);
  };
  const routes: Record<string, typeof plain> = {};
  let pattern = "";
  for (let depth = 1; depth <= MOST_SEGMENTS; depth += 1) {
    pattern += `/:s${depth}`;
    routes[pattern] = checked;
  }
  for (const path of options.exactPaths) routes[path] = plain;
  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    // Streams may be silent for minutes; deadlines and keep-alives are the gateway's own.
    idleTimeout: 0,
    maxRequestBodySize: LARGEST_BODY_BYTES,
    routes,
    // The root, empty segments and paths deeper than any route end up here.
    fetch: plain,
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

/** A decoded segment that is, or through encoded slashes contains, a dot segment. */
function hasDotSegment(segment: string): boolean {
  if (!segment.includes(".")) return false;
  return segment.split(/[/\\]/).some((part) => part === "." || part === "..");
}

function splitTarget(url: string): { path: string; query: string } {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const end = url.indexOf("?", start);
  return end === -1
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, end), query: url.slice(end) };
}
