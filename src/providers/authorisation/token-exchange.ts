// What every exchange of a credential for something short-lived has in common.

import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";

/** Something that is good for a while. */
export interface ShortLived<Value> {
  readonly value: Value;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** A request to a service that hands out tokens. */
export interface TokenRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TokenReply {
  readonly status: number;
  readonly text: string;
}

/** The world as an exchange sees it. */
export interface TokenIo {
  /** @throws TransportError when there is no reply */
  send(request: TokenRequest): Promise<TokenReply>;
  /** @throws Error when the file cannot be read */
  file(path: string): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The service has said no, or nothing that can be understood. The message holds no secret of ours. */
export class LoginRefused extends Error {
  /** Of the service's reply; 0 when none was asked. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "LoginRefused";
    this.status = status;
  }
}

/** Tokens without a lifetime are held for this long (RFC 6749 section 5.1 leaves it open). */
const USUAL_LIFE_SECONDS = 3600;
const LONGEST_LIFE_SECONDS = 86_400;
const LONGEST_TOKEN = 32_768;

/** A form, as OAuth and Amazon's query services take it. */
export function form(
  url: string,
  fields: Readonly<Record<string, string | undefined>>,
): TokenRequest {
  const given = Object.entries(fields).filter((field): field is [string, string] => {
    return field[1] !== undefined;
  });
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    },
    body: new URLSearchParams(given).toString(),
  };
}

/**
 * Asks for an OAuth 2.0 access token (RFC 6749).
 * @throws LoginRefused when there is none; TransportError when there is no reply
 */
export async function accessToken(request: TokenRequest, io: TokenIo): Promise<ShortLived<string>> {
  const askedAtMs = io.now();
  const { status, text } = await io.send(request);
  const body = jsonOf(text);
  const token = asString(body["access_token"]);
  if (status < 200 || status >= 300 || token === undefined) {
    throw refusal("The token service", status, oauthProblem(body));
  }
  return { value: checkedToken(token, status), expiresAtMs: askedAtMs + lifeMs(body) };
}

/** The text of a token file. @throws LoginRefused that names the file, never what stands in it */
export async function tokenFile(path: string, io: TokenIo): Promise<string> {
  const text = await io.file(path).catch(() => undefined);
  if (text !== undefined && text.trim() !== "") return text.trim();
  const state = text === undefined ? "cannot be read" : "is empty";
  throw new LoginRefused(`The token file ${path} ${state}.`, 0);
}

/** @throws LoginRefused for what could not stand in a header */
export function checkedToken(token: string, status: number): string {
  if (token.length <= LONGEST_TOKEN && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new LoginRefused("The token service gave a token that no header can carry.", status);
}

/** The body as an object, empty when it is none. */
export function jsonOf(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text) as Json) ?? {};
  } catch {
    return {};
  }
}

/** Some services write the number as text. */
function lifeMs(body: JsonObject): number {
  const seconds = Number(body["expires_in"] ?? USUAL_LIFE_SECONDS);
  const sound = Number.isFinite(seconds) && seconds > 0 ? seconds : USUAL_LIFE_SECONDS;
  return Math.min(sound, LONGEST_LIFE_SECONDS) * 1000;
}

/** What a service has said no by, as one sentence. */
export function refusal(who: string, status: number, problem: string): LoginRefused {
  const reason = problem.replace(/[.\s]+$/, "");
  return new LoginRefused(
    `${who} answered ${status}${reason === "" ? "" : `: ${reason}`}.`,
    status,
  );
}

function oauthProblem(body: JsonObject): string {
  const said = [asString(body["error"]), asString(body["error_description"])];
  return said.filter((text) => text !== undefined && text !== "").join(": ");
}
