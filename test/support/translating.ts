// A call, an answer or a stream from one dialect into another, as short as a test wants it.

import type { DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { Notice } from "#core/notices.ts";
import { translateRequest } from "#dialects/adapt/translate-request.ts";
import type { Dialect, ModelTraits, Translation } from "#dialects/dialect.ts";
import { dialectOf } from "#dialects/list.ts";
import type { NeutralRequest } from "#dialects/neutral.ts";
import { sampleClient, sampleUpstream } from "#dialects/sample-contexts.ts";
import { decodeStream, encodeStream } from "#dialects/sample-streams.ts";
import { CORNERS } from "./square-corners.ts";

/** What an upstream of a dialect gets of a call in another one. */
export interface Asked {
  readonly body: JsonObject;
  readonly notices: readonly Notice[];
}

function known(id: DialectId): { dialect: Dialect; translation: Translation } {
  const dialect = dialectOf(id);
  if (dialect.translation === undefined) throw new Error(`${id} translates nothing.`);
  return { dialect, translation: dialect.translation };
}

function neutralOf(id: DialectId, body: JsonObject): NeutralRequest {
  const { dialect, translation } = known(id);
  const model = typeof body["model"] === "string" ? "" : "sample-model";
  const facts = dialect.read(body, { operation: "generate", model, stream: undefined });
  return translation.requestToNeutral(body, facts);
}

/** Writes a client's call for an upstream. */
export function asked(
  from: DialectId,
  to: DialectId,
  body: JsonObject,
  traits: Partial<ModelTraits> = {},
): Asked {
  const usual = CORNERS.get(to)?.traits ?? {};
  const upstream = sampleUpstream({ traits: { ...usual, ...traits }, stateOrigins: [to] });
  const written = translateRequest(known(to).translation, neutralOf(from, body), upstream);
  return { body: written.body, notices: upstream.notices };
}

/** Writes an upstream's answer for a client. */
export function answered(from: DialectId, to: DialectId, reply: JsonObject): JsonObject {
  const neutral = known(from).translation.replyToNeutral(reply);
  return known(to).translation.replyFromNeutral(neutral, sampleClient({ dialect: to }));
}

/** The next call of a client that got this answer, written for the upstream that gave it. */
export function adaptedFor(upstream: DialectId, client: DialectId, given: JsonObject): JsonObject {
  const next = CORNERS.get(client)?.next(given);
  if (next === undefined) throw new Error(`${client} has no client.`);
  return asked(client, upstream, next).body;
}

/** Writes an upstream's stream for a client, each event's data given as JSON. */
export function streamed(
  from: DialectId,
  to: DialectId,
  events: readonly JsonObject[],
): { readonly text: string } {
  const end = from === "openai-chat" ? "data: [DONE]\n\n" : "";
  const frames = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("") + end;
  const told = decodeStream(known(from).translation, frames);
  const client = sampleClient({ stream: true, wantsUsage: true, dialect: to });
  return { text: encodeStream(known(to).translation, told, client) };
}
