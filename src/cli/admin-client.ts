// Talks to the admin API of a running gateway.

import { asObject, asString, type Json, type JsonObject } from "#core/json.ts";
import { CommandFault } from "./command-fault.ts";
import type { CommandContext } from "./context.ts";
import { plainText } from "./terminal-text.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";
const TIMEOUT_MS = 60_000;

/** Options of commands that need a running gateway. */
export interface GatewayOptions {
  readonly url?: string;
}

/** A call of the admin API. */
export interface AdminRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/admin/v1`, with its query. */
  readonly path: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Base URL of the gateway: flag, else `SLUICE_URL`, else the default address. */
export function gatewayUrl(context: CommandContext, options: GatewayOptions): URL {
  const text = options.url ?? context.environment.url ?? DEFAULT_URL;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandFault(2, `${plainText(text)} is no URL like ${DEFAULT_URL}`);
  }
  return url;
}

/**
 * Calls the admin API.
 * @returns the answer's body; an empty object when it has none
 * @throws CommandFault without a key, without a gateway, and for every refusal
 */
export async function callAdmin(
  context: CommandContext,
  options: GatewayOptions,
  request: AdminRequest,
): Promise<JsonObject> {
  const { adminKey } = context.environment;
  if (adminKey === undefined) {
    throw new CommandFault(
      2,
      "SLUICE_ADMIN_KEY is not set; the gateway printed it at its first start",
    );
  }
  const base = gatewayUrl(context, options).href.replace(/\/+$/, "");
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${adminKey.reveal()}`);
  if (request.body !== undefined) headers.set("content-type", "application/json");
  const init: RequestInit = { method: request.method, headers, redirect: "manual" };
  if (request.body !== undefined) init.body = JSON.stringify(request.body);
  init.signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await send(context, new Request(`${base}/admin/v1${request.path}`, init));
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== undefined) return body;
  throw new CommandFault(1, refusal(response.status, body));
}

async function send(context: CommandContext, request: Request): Promise<Response> {
  try {
    return await context.fetch(request);
  } catch {
    const { origin } = new URL(request.url);
    throw new CommandFault(1, `no gateway answers at ${origin}; give its address with --url`);
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    return text === "" ? {} : asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The gateway's error in one line a fault: code, message, field, hint, and the issues of a document. */
function refusal(status: number, body: JsonObject | undefined): string {
  const error = asObject(body?.["error"]);
  if (error === undefined) return `the answer (${status}) is not one of a Sluice gateway`;
  const field = asString(error["path"]);
  const lines = [
    `${plainText(error["code"])}: ${plainText(error["message"])}`,
    ...(field ? [`field: ${plainText(field)}`] : []),
    ...(asString(error["hint"]) ? [plainText(error["hint"])] : []),
  ];
  const { details } = error;
  for (const issue of Array.isArray(details) ? details : []) {
    const { line, column, message, hint } = asObject(issue) ?? {};
    const advice = asString(hint) ? ` ${plainText(hint)}` : "";
    lines.push(`  ${plainText(line)}:${plainText(column)}: ${plainText(message)}${advice}`);
  }
  return lines.join("\n");
}
