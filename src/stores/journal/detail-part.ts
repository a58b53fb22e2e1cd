// The second part of a record's line: what only the decision shows. Parts are tuples without names,
// and null stands for what the first part says already. Read when somebody asks for the decision.

import type { Operation } from "#core/facts.ts";
import type { Notice } from "#core/notices.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";
import { type AttemptPart, attemptJson, attemptOf, toolsOf, usageOf } from "./attempt-part.ts";
import { type DecisionPart, decisionJson, decisionOf } from "./decision-part.ts";
import { listJson, microsJson, numberJson, stringJson } from "./json-text.ts";
import type { RowFacts } from "./row-part.ts";

type Flag = 0 | 1;

/** The whole part. A member that is added later goes to the end and may be missing. */
type Details = readonly [
  upstreamUs: number,
  snapshot: string,
  facts: FactsPart | null,
  decision: DecisionPart | null,
  attempts: readonly AttemptPart[],
  rest?: Rest,
];

/** What most records have nothing of. */
interface Rest {
  readonly source?: Usage["source"] | undefined;
  readonly tools?: Usage["serverToolRequests"] | undefined;
  readonly notices?: readonly Notice[] | undefined;
  readonly clientId?: string | undefined;
  readonly session?: string | undefined;
  readonly parent?: string | undefined;
}

/** Writes the part as a JSON list without line breaks. */
export function detailsJson(record: ExchangeRecord): string {
  const { decision, facts } = record;
  const route = decision?.route ?? [];
  return (
    `[${microsJson(record.upstreamMs)},${stringJson(record.snapshot)},` +
    `${facts === undefined ? "null" : factsJson(facts, record)},` +
    `${decision === undefined ? "null" : decisionJson(decision, record)},` +
    `${listJson(record.attempts, (attempt) => attemptJson(attempt, record, route))}` +
    `${restJson(record)}]`
  );
}

/** Reads the part and joins it with the first one. */
export function recordOf(row: RowFacts, text: string): ExchangeRecord {
  const [upstreamUs, snapshot, facts, decision, attempts, rest = {}] = JSON.parse(text) as Details;
  const { counters, model, ...shown } = row;
  const decided = decision === null ? undefined : decisionOf(decision, row, snapshot);
  const usage = usageOf(counters, rest);
  const route = decided?.route ?? [];
  return {
    ...shown,
    upstreamMs: upstreamUs / 1000,
    facts: facts === null ? undefined : factsOf(facts, row),
    decision: decided,
    attempts: attempts.map((attempt) => attemptOf(attempt, { ...row, usage }, route)),
    usage,
    notices: rest.notices ?? [],
    snapshot,
    clientRequestId: rest.clientId ?? "",
    session: rest.session ?? "",
    parent: rest.parent ?? "",
  };
}

function restJson(record: ExchangeRecord): string {
  const { usage, notices, clientRequestId, session, parent } = record;
  const tools = toolsOf(usage);
  const isEmpty =
    notices.length === 0 &&
    clientRequestId === "" &&
    session === "" &&
    parent === "" &&
    usage.source === "provider" &&
    tools === undefined;
  if (isEmpty) return "";
  const rest: Rest = {
    source: usage.source === "provider" ? undefined : usage.source,
    tools,
    notices: notices.length === 0 ? undefined : notices,
    clientId: clientRequestId || undefined,
    session: session || undefined,
    parent: parent || undefined,
  };
  return `,${JSON.stringify(rest)}`;
}

type Facts = NonNullable<ExchangeRecord["facts"]>;

/** Facts of a call; the sensed ones stand at the end. */
type FactsPart = readonly [
  operation: Operation,
  dialect: string,
  stream: Flag,
  wantsUsage: Flag,
  textLength: number,
  maxOutputTokens: number,
  choices: number,
  messageCount: number,
  toolCount: number,
  imageCount: number,
  audioCount: number,
  fileCount: number,
  hasSchema: Flag,
  reasoning: Flag,
  /** Null = the caller's. */
  user: string | null,
  metadata: Facts["metadata"],
  inputTokens: number | null,
];

function factsJson(facts: Facts, record: ExchangeRecord): string {
  return (
    `["${facts.operation}",${stringJson(facts.dialect)},${flag(facts.stream)},` +
    `${flag(facts.wantsUsage)},${numberJson(facts.textLength)},` +
    `${numberJson(facts.maxOutputTokens)},${numberJson(facts.choices)},` +
    `${numberJson(facts.messageCount)},${numberJson(facts.toolCount)},` +
    `${numberJson(facts.imageCount)},${numberJson(facts.audioCount)},` +
    `${numberJson(facts.fileCount)},${flag(facts.hasSchema)},${flag(facts.reasoning)},` +
    `${facts.user === record.caller.user ? "null" : stringJson(facts.user)},` +
    `${metadataJson(facts.metadata)},${numberJson(facts.inputTokens)}]`
  );
}

function factsOf(part: FactsPart, row: RowFacts): Facts {
  const inputTokens = part[16];
  return {
    operation: part[0],
    dialect: part[1],
    model: row.model,
    stream: part[2] === 1,
    wantsUsage: part[3] === 1,
    textLength: part[4],
    maxOutputTokens: part[5],
    choices: part[6],
    messageCount: part[7],
    toolCount: part[8],
    imageCount: part[9],
    audioCount: part[10],
    fileCount: part[11],
    hasSchema: part[12] === 1,
    reasoning: part[13] === 1,
    user: part[14] ?? row.caller.user,
    metadata: part[15],
    ...(inputTokens === null ? {} : { inputTokens }),
  };
}

function metadataJson(metadata: Facts["metadata"]): string {
  for (const _ in metadata) return JSON.stringify(metadata);
  return "{}";
}

function flag(value: boolean): Flag {
  return value ? 1 : 0;
}
