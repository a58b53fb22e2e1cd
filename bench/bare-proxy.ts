// The yardstick: the smallest proxy on this runtime, with no keys, limits, errors or records. FROZEN:
// all figures are ratios to it. It parses the request, and the usage out of whole replies and streams.
const upstream = process.argv[2] ?? "";
const counted = { tokens: 0 };

function count(event: string): void {
  if (event.startsWith("data: {"))
    counted.tokens += JSON.parse(event.slice(6)).usage?.total_tokens ?? 0;
}

async function* relay(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) count(event);
    yield chunk;
  }
}

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    const body = await request.text();
    const isStream = JSON.parse(body).stream === true;
    const headers = { "content-type": "application/json", authorization: "Bearer upstream" };
    const url = upstream + new URL(request.url).pathname;
    const reply = await fetch(url, { method: "POST", headers, body, signal: request.signal });
    const type = { "content-type": reply.headers.get("content-type") ?? "" };
    const head = { status: reply.status, headers: type };
    if (isStream) return new Response(relay(reply.body ?? new ReadableStream()) as never, head);
    const text = await reply.text();
    if (reply.ok) counted.tokens += JSON.parse(text).usage?.total_tokens ?? 0;
    return new Response(text, head);
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
