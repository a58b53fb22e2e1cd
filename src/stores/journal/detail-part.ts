// The second part of a record's line: what only the decision shows. Parts are tuples without names,
// and null stands for what the first part says already. Read when somebody asks for the decision.

import type { Operation } from "#core/facts.ts";
import type { Notice } from "#core/notices.ts";
import type { ExchangeRecord } from "#core/record.ts";
import type { Usage } from "#core/usage.ts";
import { type AttemptPart, attemptOf, toolsOf, usageOf, writeAttempt } from "./attempt-part.ts";
import { type DecisionPart, decisionOf, writeDecision } from "./decision-part.ts";
import type { LineWriter } from "./line-writer.ts";
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

/** Writes the part. */
export function writeDetails(line: LineWriter, record: ExchangeRecord): void {
  const { decision, facts } = record;
  line.open();
  line.micros(record.upstreamMs);
  line.string(record.snapshot);
  if (facts === undefined) line.null();
  else writeFacts(line, facts, record.caller.user);
  if (decision === undefined) line.null();
  else writeDecision(line, decision, record);
  line.open();
  for (const attempt of record.attempts) writeAttempt(line, attempt, record);
  line.close();
  const rest = restOf(record);
  if (rest !== undefined) line.json(JSON.stringify(rest));
  line.close();
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

function restOf(record: ExchangeRecord): Rest | undefined {
  const { usage, notices, clientRequestId, session, parent } = record;
  const tools = toolsOf(usage);
  const isEmpty =
    notices.length === 0 &&
    clientRequestId === "" &&
    session === "" &&
    parent === "" &&
    usage.source === "provider" &&
    tools === undefined;
  if (isEmpty) return undefined;
  return {
    source: usage.source === "provider" ? undefined : usage.source,
    tools,
    notices: notices.length === 0 ? undefined : notices,
    clientId: clientRequestId || undefined,
    session: session || undefined,
    parent: parent || undefined,
  };
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

function writeFacts(line: LineWriter, facts: Facts, callersUser: string): void {
  line.open();
  line.string(facts.operation);
  line.string(facts.dialect);
  line.flag(facts.stream);
  line.flag(facts.wantsUsage);
  line.number(facts.textLength);
  line.number(facts.maxOutputTokens);
  line.number(facts.choices);
  line.number(facts.messageCount);
  line.number(facts.toolCount);
  line.number(facts.imageCount);
  line.number(facts.audioCount);
  line.number(facts.fileCount);
  line.flag(facts.hasSchema);
  line.flag(facts.reasoning);
  if (facts.user === callersUser) line.null();
  else line.string(facts.user);
  line.json(metadataJson(facts.metadata));
  line.number(facts.inputTokens);
  line.close();
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
