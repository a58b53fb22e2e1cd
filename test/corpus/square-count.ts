// Counts how recorded exchanges survive a change of dialect.

import { replay } from "#support/upstream/upstream.ts";
import { type CorpusBench, callGateway, PROVIDERS } from "./gateway-setup.ts";
import { type Comparison, compare } from "./oracle/compare.ts";
import { readReply } from "./oracle/read-reply.ts";
import type { CorpusDialect, Recording } from "./recordings.ts";

/** One cell of the square: requests of one dialect answered by a provider of another. */
export interface CellCount {
  /** `client -> provider`, `, streamed` behind it for streams. */
  readonly cell: string;
  readonly total: number;
  /** Refused with a status of the 400s before anything was sent: a feature that cannot be carried. */
  readonly refused: number;
  /** Any other end than the reply that the upstream gave. */
  readonly failed: number;
  readonly text: number;
  readonly tools: number;
  readonly stop: number;
  readonly usage: number;
  /** Equal in all four. */
  readonly equal: number;
}

export interface CellRun {
  readonly count: CellCount;
  /** One line each, for what is not equal. */
  readonly differences: readonly string[];
}

type Verdict =
  | { readonly kind: "refused" | "failed"; readonly why: string }
  | ({ readonly kind: "compared" } & Comparison);

export const DIALECTS: readonly CorpusDialect[] = [
  "openai-chat",
  "anthropic-messages",
  "gemini-generate",
];

/**
 * Sends requests of one dialect to the provider of another, paired with its replies by index. The
 * shorter list starts over, so that every request and every reply takes part.
 */
export async function countCell(
  bench: CorpusBench,
  requests: readonly Recording[],
  replies: readonly Recording[],
): Promise<CellRun> {
  const verdicts: Verdict[] = [];
  const differences: string[] = [];
  const pairs = Math.max(requests.length, replies.length);
  for (let index = 0; index < pairs; index += 1) {
    const request = requests[index % requests.length];
    const answer = replies[index % replies.length];
    if (request === undefined || answer === undefined) continue;
    const verdict = await judge(bench, request, answer);
    verdicts.push(verdict);
    if (verdict.why !== "") differences.push(`${request.name} + ${answer.name}: ${verdict.why}`);
  }
  const compared = verdicts.filter((verdict) => verdict.kind === "compared");
  const [first] = requests;
  const streamed = first?.isStream === true ? ", streamed" : "";
  const count: CellCount = {
    cell: `${first?.dialect} -> ${replies[0]?.dialect}${streamed}`,
    total: verdicts.length,
    refused: verdicts.filter(({ kind }) => kind === "refused").length,
    failed: verdicts.filter(({ kind }) => kind === "failed").length,
    text: compared.filter(({ text }) => text).length,
    tools: compared.filter(({ tools }) => tools).length,
    stop: compared.filter(({ stop }) => stop).length,
    usage: compared.filter(({ usage }) => usage).length,
    equal: compared.filter(({ why }) => why === "").length,
  };
  return { count, differences };
}

async function judge(bench: CorpusBench, request: Recording, answer: Recording): Promise<Verdict> {
  bench.upstream.clear();
  bench.upstream.script(answer.model, replay(answer.reply));
  const reply = await callGateway(bench.gateway, readdressed(request, answer));
  const isSent = bench.upstream.requests.length > 0;
  if (!isSent && reply.status >= 400 && reply.status < 500)
    return { kind: "refused", why: `refused: ${reply.status} ${reply.text.slice(0, 300)}` };
  if (reply.status !== 200)
    return { kind: "failed", why: `failed: ${reply.status} ${reply.text.slice(0, 300)}` };
  try {
    const text = answer.reply.body.text ?? JSON.stringify(answer.reply.body.json);
    const wanted = readReply(answer.dialect, { text, isStream: answer.isStream });
    return { kind: "compared", ...compare(wanted, readReply(request.dialect, reply)) };
  } catch (error) {
    return { kind: "failed", why: `unreadable: ${error instanceof Error ? error.message : error}` };
  }
}

/** The request with the model of the recorded answer, at the provider that speaks its dialect. */
function readdressed(request: Recording, answer: Recording): Recording {
  const model = `${PROVIDERS[answer.dialect]}/${answer.model}`;
  if (request.dialect === "gemini-generate")
    return { ...request, path: request.path.replace(/models\/[^:]+/, `models/${model}`) };
  return { ...request, body: { ...request.body, model } };
}

/** The same request, asking for a stream. */
export function streamed(request: Recording): Recording {
  if (request.isStream) return request;
  if (request.dialect === "gemini-generate") {
    const path = request.path.replace(":generateContent", ":streamGenerateContent?alt=sse");
    return { ...request, path, isStream: true };
  }
  const options =
    request.dialect === "openai-chat" ? { stream_options: { include_usage: true } } : {};
  return { ...request, body: { ...request.body, stream: true, ...options }, isStream: true };
}
