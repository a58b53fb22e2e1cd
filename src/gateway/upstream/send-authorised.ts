// Sends a request whose credential is more than a key, once more with a new token when the upstream says
// that the old one is over before its time.

import type { Login } from "#core/login.ts";
import type { Payload, Transport, UpstreamReply, UpstreamRequest } from "#core/ports/transport.ts";
import type { Authoriser, UnauthorisedRequest } from "./authoriser.ts";

/** By whom, and who has to know. */
export interface AuthorisedSending {
  readonly authoriser: Authoriser;
  readonly transport: Transport;
  readonly target: UnauthorisedRequest["target"];
  /** Of the body, where it is known already. */
  readonly bodySha256: string | undefined;
  /** Called with the texts that must not be shown, before anything is sent. */
  onSecrets(secrets: readonly string[]): void;
}

/**
 * A body that streams through is gone once it was sent: no second try with a new token.
 * @throws AttemptFailure for a refused login; TransportError as the transport does
 */
export async function sendAuthorised(
  request: UpstreamRequest,
  login: Login,
  sending: AuthorisedSending,
): Promise<UpstreamReply> {
  const { authoriser, transport, target, bodySha256 } = sending;
  const send = async () => {
    const unauthorised = { ...request, target, bodySha256 };
    const authorisation = await authoriser.authorise(login, unauthorised);
    sending.onSecrets(authorisation.secrets);
    const headers = { ...request.headers, ...authorisation.headers };
    return { authorisation, reply: await transport.send({ ...request, headers }) };
  };
  const { authorisation, reply } = await send();
  if (!saysOver(reply) || !authorisation.renew() || !isHeld(request.body)) return reply;
  reply.body?.cancel().catch(() => undefined);
  return (await send()).reply;
}

function isHeld(body: Payload): boolean {
  return typeof body === "string" || body instanceof Blob || body instanceof Uint8Array;
}

/** Amazon says 403 to a session that has ended, everybody else 401. */
function saysOver({ status, headers }: UpstreamReply): boolean {
  if (status === 401) return true;
  return status === 403 && (headers.get("x-amzn-errortype") ?? "").startsWith("ExpiredToken");
}
