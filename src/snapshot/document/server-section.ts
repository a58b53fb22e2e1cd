// `server:` — addresses, sizes and times of the gateway process.

import { z } from "zod";
import { LISTEN_FORM } from "../listen-address.ts";
import { key, later } from "./key-facts.ts";
import { duration, megabytes } from "./quantities.ts";

const address = z
  .string()
  .regex(
    LISTEN_FORM,
    "is not an address. Write host and port: `127.0.0.1:8080`, `0.0.0.0:8080` or `[::1]:8080`.",
  );

/** The `server` section. */
export const serverSection = z.strictObject({
  listen: key(address.prefault("127.0.0.1:8080"), {
    description: "Address of the API. Port 0 takes any free port.",
    example: "0.0.0.0:8080",
  }),
  admin_listen: key(address.optional(), {
    description: "Serves admin API, dashboard and metrics on an address of their own.",
    fallback: "on `listen`",
    example: "127.0.0.1:8081",
  }),
  workers: key(z.literal(1).prefault(1), {
    description: "Processes on one port; 0 = one a core.",
    unit: "processes",
    example: 1,
    later: "other",
  }),
  max_body_mb: key(megabytes(4096).prefault(64), {
    description: "Largest request body; beyond: 413 `body_too_large`. One MB is 1,048,576 bytes.",
    unit: "MB",
    example: 64,
  }),
  max_inflight_mb: key(megabytes(1_048_576).prefault(512), {
    description: "Request bytes held at once over all calls; beyond: 503 `overloaded`.",
    unit: "MB",
    example: 512,
  }),
  max_reply_mb: key(megabytes(4096).prefault(128), {
    description:
      "Largest reply that is held, which whole ones are: beyond, the call ends with 502 `upstream_failed`. Streams and binary answers pass at any size.",
    unit: "MB",
    example: 128,
  }),
  keep_alive: key(duration({ min: "100ms", max: "10m" }).prefault("15s"), {
    description: "A comment goes out at every silence of a stream of this length.",
    example: "15s",
  }),
  drain_timeout: key(duration({ min: "0s", max: "24h" }).prefault("30s"), {
    description: "How long open streams may go on after SIGTERM.",
    example: "30s",
  }),
  trusted_proxies: key(z.array(z.string()).max(256).prefault([]), {
    description: "Addresses or CIDR ranges whose `x-forwarded-for` is believed.",
    example: ["10.0.0.0/8", "::1"],
  }),
  metrics: key(z.enum(["private", "public"]).prefault("private"), {
    description: "`public` serves `/metrics` without the admin key.",
    example: "private",
  }),
  fetch_urls: later("Hosts that the gateway may fetch caller-supplied URLs from."),
});
