// One visit to a token service: bounded in time and size, and mindful of what must not be repeated.

import type { Clock } from "#core/ports/clock.ts";
import type { TextFiles } from "#core/ports/text-files.ts";
import { type Transport, TransportError } from "#core/ports/transport.ts";
import { outcomeOfStatus } from "#policy/resilience/failure-table.ts";
import {
  LoginRefused,
  type TokenIo,
  type TokenReply,
  type TokenRequest,
} from "#providers/authorisation/token-exchange.ts";
import { AttemptFailure, failureOfTransport } from "./attempt-failure.ts";
import { withoutSecrets } from "./hide-keys.ts";
import { readErrorBody } from "./read-body.ts";

/** What logins need from outside. */
export interface LoginPorts {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly files: TextFiles;
}

/** A token service that takes longer is given up. */
const LONGEST_VISIT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** The world of one exchange. */
export class LoginIo implements TokenIo {
  readonly #ports: LoginPorts;
  readonly #secrets: string[] = [];

  constructor(ports: LoginPorts) {
    this.#ports = ports;
  }

  now(): number {
    return this.#ports.clock.now();
  }

  async file(path: string): Promise<string> {
    const text = await this.#ports.files.read(path);
    this.#secrets.push(text.trim());
    return text;
  }

  async send({ method, url, headers, body }: TokenRequest): Promise<TokenReply> {
    for (const value of new URLSearchParams(body).values()) {
      if (value.length >= SHORTEST_SECRET) this.#secrets.push(value);
    }
    const controller = new AbortController();
    const cancel = this.#ports.clock.after(LONGEST_VISIT_MS, () => controller.abort());
    try {
      const reply = await this.#ports.transport.send({
        method,
        url,
        headers: { ...headers, "accept-encoding": "identity" },
        body,
        signal: controller.signal,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
      });
      const { bytes } = await readErrorBody(reply.body);
      return { status: reply.status, text: new TextDecoder().decode(bytes) };
    } finally {
      cancel();
    }
  }

  /**
   * What a failed exchange means for the attempts that waited for it.
   * @param secrets of the login itself
   */
  failureOf(thrown: unknown, secrets: readonly string[]): AttemptFailure {
    if (thrown instanceof LoginRefused) {
      const message = withoutSecrets(thrown.message, [...secrets, ...this.#secrets]);
      return new AttemptFailure(outcomeOfLogin(thrown.status), message, { status: thrown.status });
    }
    if (thrown instanceof TransportError && thrown.fault === "aborted") {
      const message = "The token service did not answer in time.";
      return new AttemptFailure("connect_timeout", message, { cause: thrown });
    }
    const failure = failureOfTransport(thrown, undefined);
    return new AttemptFailure(failure.outcome, `At the token service: ${failure.message}`, {
      cause: thrown,
    });
  }
}

/** Shorter values of a form are words such as `refresh_token`. */
const SHORTEST_SECRET = 40;

/** A service that is down may be up again soon; one that says no means the configuration. */
function outcomeOfLogin(status: number) {
  const outcome = outcomeOfStatus(status);
  const passes =
    outcome === "server_error" || outcome === "overloaded" || outcome === "rate_limited";
  return status > 0 && passes ? outcome : "misconfigured";
}
