// Authorises requests whose credential is more than a key: signs them, or adds a token that is kept fresh.
// Calls whose credential is a key never come here.

import type { EventSink } from "#core/events.ts";
import { type AwsLogin, type Login, secretsOfLogin } from "#core/login.ts";
import type { EndSignal, Payload } from "#core/ports/transport.ts";
import type { Target } from "#core/target.ts";
import { awsSession, ownKeys } from "#providers/authorisation/aws-session.ts";
import { type AwsKeys, awsSignature, sha256Hex } from "#providers/authorisation/aws-signature.ts";
import { entraToken } from "#providers/authorisation/entra-token.ts";
import { googleToken } from "#providers/authorisation/google-token.ts";
import type { TokenIo } from "#providers/authorisation/token-exchange.ts";
import { ByLogin } from "../live/by-login.ts";
import { type Lease, ShortLived } from "../live/short-lived.ts";
import { AttemptFailure } from "./attempt-failure.ts";
import { LoginIo, type LoginPorts } from "./login-io.ts";

/** What the authoriser needs from outside. */
export interface AuthoriserPorts extends LoginPorts {
  readonly emit: EventSink;
}

/** A request before it is authorised. */
export interface UnauthorisedRequest {
  /** Whose credential it is sent with. */
  readonly target: Pick<Target, "provider" | "key">;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Payload;
  /** Hex digits of the body's SHA-256, where somebody has computed it already. */
  readonly bodySha256?: string | undefined;
  /** Ends the waiting of this call alone; what others wait for goes on. */
  readonly signal: EndSignal;
}

/** What authorises one request. */
export interface Authorisation {
  readonly headers: Readonly<Record<string, string>>;
  /** Texts in these headers that nobody may see. */
  readonly secrets: readonly string[];
  /**
   * Gives up what the upstream says is over.
   * @returns true when it is worth trying again with a new one
   */
  renew(): boolean;
}

/** Logins that have to ask for something short-lived. */
type TokenLogin = Extract<Login, { readonly by: "google" | "entra" }>;

/** Authorises the requests of a process. */
export class Authoriser {
  readonly #ports: AuthoriserPorts;
  readonly #tokens = new ByLogin<TokenLogin, ShortLived<string>>();
  readonly #sessions = new ByLogin<AwsLogin, ShortLived<AwsKeys>>();

  constructor(ports: AuthoriserPorts) {
    this.#ports = ports;
  }

  /** @throws AttemptFailure when the login is refused or its service cannot be reached */
  async authorise(login: Login, request: UnauthorisedRequest): Promise<Authorisation> {
    if (login.by === "aws") return this.#sign(login, request);
    if (login.by === "bearer") return bearer(login.token.reveal(), () => false);
    const tokens = this.#tokensOf(login, request.target);
    const token = await unlessEnded(tokens.get(), request.signal);
    return bearer(token, () => tokens.giveUp(token));
  }

  async #sign(login: AwsLogin, request: UnauthorisedRequest): Promise<Authorisation> {
    const own = ownKeys(login);
    if (own !== undefined) return this.#signed(own, login, request);
    const sessions = this.#sessionsOf(login, request.target);
    const keys = await unlessEnded(sessions.get(), request.signal);
    const signed = await this.#signed(keys, login, request);
    return { ...signed, renew: () => sessions.giveUp(keys) };
  }

  async #signed(
    keys: AwsKeys,
    login: AwsLogin,
    request: UnauthorisedRequest,
  ): Promise<Authorisation> {
    const bodySha256 = request.bodySha256 ?? (await digestOf(request.body));
    const nowMs = this.#ports.clock.now();
    const headers = awsSignature({ ...request, bodySha256 }, keys, login, nowMs);
    const signature = headers["authorization"]?.split("Signature=")[1];
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    const parts = [accessKeyId, secretAccessKey, sessionToken, signature];
    const secrets = parts.filter((part) => part !== undefined);
    return { headers, secrets, renew: () => false };
  }

  #tokensOf(login: TokenLogin, target: UnauthorisedRequest["target"]): ShortLived<string> {
    return this.#tokens.get(login, () =>
      this.#shortLived(login, target, (io) =>
        login.by === "google" ? googleToken(login, io) : entraToken(login, io),
      ),
    );
  }

  #sessionsOf(login: AwsLogin, target: UnauthorisedRequest["target"]): ShortLived<AwsKeys> {
    return this.#sessions.get(login, () =>
      this.#shortLived(login, target, (io) => awsSession(login, io)),
    );
  }

  #shortLived<Value>(
    login: Login,
    { provider, key }: UnauthorisedRequest["target"],
    exchange: (io: TokenIo) => Promise<Lease<Value>>,
  ): ShortLived<Value> {
    const fetch = async () => {
      const io = new LoginIo(this.#ports);
      try {
        return await exchange(io);
      } catch (thrown) {
        const failure = io.failureOf(thrown, secretsOfLogin(login));
        const { outcome, message } = failure;
        // Of a refresh ahead of time nobody else would hear.
        this.#ports.emit({ type: "login-failed", provider, key, outcome, message });
        throw failure;
      }
    };
    return new ShortLived(this.#ports.clock, fetch, mayPass);
  }
}

/** Everything but a refusal, which only another configuration changes. */
function mayPass(failure: unknown): boolean {
  return !(failure instanceof AttemptFailure) || failure.outcome !== "misconfigured";
}

function bearer(token: string, renew: () => boolean): Authorisation {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token], renew };
}

/** Small bodies are hashed here, large ones on the thread that wrote them. */
async function digestOf(body: Payload): Promise<string> {
  if (typeof body === "string" || body instanceof Uint8Array) return sha256Hex(body);
  if (body instanceof Blob) return sha256Hex(new Uint8Array(await body.arrayBuffer()));
  throw new Error("A body that streams through cannot be signed.");
}

/** Waits no longer than the attempt may take. */
function unlessEnded<Value>(waiting: Value | Promise<Value>, signal: EndSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new AttemptFailure("connect_failed", "The attempt was ended."));
    if (signal.aborted) {
      end();
      return;
    }
    signal.addEventListener("abort", end);
    Promise.resolve(waiting)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", end));
  });
}
