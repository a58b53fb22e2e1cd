// The addresses of the process: one, or two when the admin API has an address of its own.

import { EXACT_ROUTES } from "#gateway/routes.ts";
import { type Listener, startListener } from "#platform/listener.ts";
import { parseListenAddress } from "#snapshot/listen-address.ts";
import type { ListenAddress, Snapshot } from "#snapshot/snapshot.ts";
import type { Environment } from "./environment.ts";
import { type FrontDoorParts, frontDoor } from "./front-door.ts";
import { StartError } from "./start-error.ts";

/** Listens. @throws StartError when an address is taken or not this machine's */
export function listen(
  environment: Environment,
  snapshot: Snapshot,
  parts: FrontDoorParts,
): { readonly main: Listener; readonly admin: Listener | undefined } {
  const { adminListen, listen: configured } = snapshot.server;
  const address =
    environment.listen === undefined ? configured : parseListenAddress(environment.listen);
  const exactPaths = EXACT_ROUTES.map(({ path }) => path);
  const door = frontDoor(parts, adminListen === undefined ? "everything" : "calls");
  const main = bind(address, door, exactPaths);
  if (adminListen === undefined) return { main, admin: undefined };
  return { main, admin: bind(adminListen, frontDoor(parts, "admin"), []) };
}

function bind(
  address: ListenAddress,
  handle: ReturnType<typeof frontDoor>,
  exactPaths: readonly string[],
): Listener {
  try {
    return startListener({ ...address, handle, exactPaths });
  } catch (error) {
    const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot listen on ${address.host}:${address.port}: ` +
        `${isTaken ? "another process does" : reason}. ` +
        "Choose another address with --listen HOST:PORT or server.listen.",
    );
  }
}

/** `http://HOST:PORT`. */
export function urlOf(listener: Listener): string {
  const host = listener.host.includes(":") ? `[${listener.host}]` : listener.host;
  return `http://${host}:${listener.port}`;
}
