// A worker for the tests of worker threads: echoes, refuses, fails and dies on request.

import { GatewayError } from "#core/errors.ts";
import { answerRequests } from "#platform/worker-thread.ts";

interface EchoRequest {
  readonly echo?: unknown;
  readonly reverse?: Uint8Array<ArrayBuffer>;
  readonly refuse?: string;
  readonly fail?: string;
  readonly unsendable?: boolean;
  readonly wait?: boolean;
  readonly die?: string;
}

answerRequests((body) => {
  const request = body as EchoRequest;
  if (request.reverse !== undefined) return request.reverse.reverse();
  if (request.refuse !== undefined) {
    throw new GatewayError("invalid_request", "refused", {
      param: request.refuse,
      cause: () => "never sent",
    });
  }
  if (request.fail !== undefined) throw new RangeError(request.fail);
  if (request.unsendable) return () => "functions do not travel";
  if (request.wait) return new Promise(() => {});
  if (request.die !== undefined) return die(request.die);
  return request.echo;
});

function die(how: string): Promise<never> {
  if (how === "exit") process.exit(3);
  if (how === "reject") Promise.reject(new Error("nobody catches this"));
  else {
    setImmediate(() => {
      throw new Error("nobody catches this");
    });
  }
  return new Promise(() => {});
}
