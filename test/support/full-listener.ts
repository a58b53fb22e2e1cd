// A listener that takes no connection any more: its process is stopped and its backlog is full, so that
// the system drops every further attempt to connect, as a host behind a silent firewall does.

import { spawn } from "node:child_process";
import { connect, type Socket } from "node:net";

/** A listener with so small a backlog holds one connection more than it says. */
const BACKLOG = 1;
const SCRIPT = `
const server = require("node:net").createServer();
server.listen({ port: 0, host: "127.0.0.1", backlog: ${BACKLOG} }, () => console.log(server.address().port));
`;

export interface FullListener {
  /** `http://127.0.0.1:port`, where no connection comes about. */
  readonly origin: string;
  stop(): void;
}

/** Starts one. Node's listeners hold to the backlog that they are given; the runtime's own do not. */
export async function startFullListener(): Promise<FullListener> {
  const child = spawn("node", ["-e", SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error("The listener ended before it listened.")));
    child.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
  });
  child.kill("SIGSTOP");
  const held: Socket[] = [];
  for (let count = 0; count <= BACKLOG; count += 1) held.push(await connected(port));
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: () => {
      for (const socket of held) socket.destroy();
      child.kill("SIGKILL");
    },
  };
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}
