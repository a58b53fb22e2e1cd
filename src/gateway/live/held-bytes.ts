// The request bytes that one exchange holds, counted against the limits of the server.

import { GatewayError } from "#core/errors.ts";
import type { ServerSettings } from "#snapshot/snapshot.ts";
import type { InflightBytes } from "./inflight-bytes.ts";

/** The limits that hold. */
export type BodyLimits = Pick<ServerSettings, "maxBodyBytes" | "maxInflightBytes">;

/** Counts for one exchange; whoever made it releases what is left. */
export class HeldBytes {
  readonly #inflight: InflightBytes;
  readonly #limits: BodyLimits;
  #bytes = 0;

  constructor(inflight: InflightBytes, limits: BodyLimits) {
    this.#inflight = inflight;
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True when so many more are within the limit of one body. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#limits.maxBodyBytes;
  }

  /** The limit of one body in whole megabytes, for messages. */
  get limitMb(): number {
    return Math.floor(this.#limits.maxBodyBytes / 2 ** 20);
  }

  /** @throws GatewayError `body_too_large` when so many more cannot be taken */
  expect(bytes: number): void {
    if (this.hasRoomFor(bytes)) return;
    throw new GatewayError("body_too_large", `The body is larger than ${this.limitMb} MB.`);
  }

  /** @throws GatewayError `body_too_large` or `overloaded` */
  grow(bytes: number): void {
    this.expect(bytes);
    if (!this.#inflight.hold(bytes, this.#limits.maxInflightBytes)) {
      throw new GatewayError("overloaded", "The gateway holds too many request bytes. Try again.", {
        retryAfterSeconds: 1,
      });
    }
    this.#bytes += bytes;
  }

  release(): void {
    this.#inflight.release(this.#bytes);
    this.#bytes = 0;
  }
}
