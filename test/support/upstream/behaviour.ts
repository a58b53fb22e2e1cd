// What a behaviour is: a function that answers one request in any way it likes.

import type { RecordedRequest } from "./recorded-request.ts";
import type { ReplyWriter } from "./reply-writer.ts";

/**
 * Answers one request. When it returns with the exchange still open, the upstream leaves it so:
 * that is a stall.
 */
export type Behaviour = (request: RecordedRequest, reply: ReplyWriter) => Promise<void> | void;
