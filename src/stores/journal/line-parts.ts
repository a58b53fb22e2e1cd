// The parts of a record's line as tuples, and back. A member that is added later goes to the end of
// its tuple and needs a value for lines that do not have it.

import type { AttemptOutcome, AttemptRecord } from "#core/attempt.ts";
import type { AttemptLimits, Decision, Reason } from "#core/decision.ts";
import type { CallFacts, Operation, SensedFacts } from "#core/facts.ts";
import type { NanoUsd } from "#core/money.ts";
import type { ExchangeRecord, RecordedCaller } from "#core/record.ts";
import type { Target } from "#core/target.ts";
import type { Usage } from "#core/usage.ts";

/** JSON has no undefined: what is unknown is null. */
type Known<Value> = Value | null;
type Flag = 0 | 1;
/** Nano-dollars in decimal. */
type MoneyText = string;

type Counters = readonly [
  input: number,
  cacheRead: number,
  cacheWrite5m: number,
  cacheWrite1h: number,
  output: number,
  reasoning: number,
  inputAudio: number,
  inputImage: number,
  outputAudio: number,
  outputImage: number,
];

/** What follows the counters is left out where it says nothing: most lines are counters alone. */
export type UsageLine = readonly [
  ...Counters,
  source?: Usage["source"],
  serverTools?: Readonly<Record<string, number>>,
];

/** Writes a usage. */
export function usageLine(used: Usage): UsageLine {
  const counters: Counters = [
    used.inputTokens,
    used.cacheReadTokens,
    used.cacheWrite5mTokens,
    used.cacheWrite1hTokens,
    used.outputTokens,
    used.reasoningTokens,
    used.inputAudioTokens,
    used.inputImageTokens,
    used.outputAudioTokens,
    used.outputImageTokens,
  ];
  for (const _ in used.serverToolRequests) {
    return [...counters, used.source, used.serverToolRequests];
  }
  return used.source === "provider" ? counters : [...counters, used.source];
}

/** Reads a usage. */
export function usageOf(line: UsageLine): Usage {
  return {
    inputTokens: line[0],
    cacheReadTokens: line[1],
    cacheWrite5mTokens: line[2],
    cacheWrite1hTokens: line[3],
    outputTokens: line[4],
    reasoningTokens: line[5],
    inputAudioTokens: line[6],
    inputImageTokens: line[7],
    outputAudioTokens: line[8],
    outputImageTokens: line[9],
    source: line[10] ?? "provider",
    serverToolRequests: line[11] ?? {},
  };
}

/** A caller: ids and names in the order of the record. */
export type CallerLine = readonly [
  tenant: string,
  project: string,
  keyId: string,
  keyName: string,
  plan: string,
  tags: readonly string[],
  user: string,
];

/** Writes a caller. */
export function callerLine(caller: RecordedCaller): CallerLine {
  const { tenant, project, keyId, keyName, plan, tags, user } = caller;
  return [tenant, project, keyId, keyName, plan, tags, user];
}

/** Reads a caller. */
export function callerOf(line: CallerLine): RecordedCaller {
  const [tenant, project, keyId, keyName, plan, tags, user] = line;
  return { tenant, project, keyId, keyName, plan, tags, user };
}

type Facts = CallFacts & Partial<SensedFacts>;

/** Facts of a call; the sensed ones stand at the end. */
export type FactsLine = readonly [
  operation: Operation,
  dialect: string,
  model: string,
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
  user: string,
  metadata: Readonly<Record<string, string>>,
  inputTokens: Known<number>,
];

/** Writes facts. */
export function factsLine(facts: Facts): FactsLine {
  return [
    facts.operation,
    facts.dialect,
    facts.model,
    flag(facts.stream),
    flag(facts.wantsUsage),
    facts.textLength,
    facts.maxOutputTokens,
    facts.choices,
    facts.messageCount,
    facts.toolCount,
    facts.imageCount,
    facts.audioCount,
    facts.fileCount,
    flag(facts.hasSchema),
    flag(facts.reasoning),
    facts.user,
    facts.metadata,
    facts.inputTokens ?? null,
  ];
}

/** Reads facts. */
export function factsOf(line: FactsLine): NonNullable<ExchangeRecord["facts"]> {
  const inputTokens = line[17];
  return {
    operation: line[0],
    dialect: line[1],
    model: line[2],
    stream: line[3] === 1,
    wantsUsage: line[4] === 1,
    textLength: line[5],
    maxOutputTokens: line[6],
    choices: line[7],
    messageCount: line[8],
    toolCount: line[9],
    imageCount: line[10],
    audioCount: line[11],
    fileCount: line[12],
    hasSchema: line[13] === 1,
    reasoning: line[14] === 1,
    user: line[15],
    metadata: line[16],
    ...(inputTokens === null ? {} : { inputTokens }),
  };
}

type TargetLine = readonly [provider: string, model: string, key: string, region: string];

function targetLine(target: Target): TargetLine {
  return [target.provider, target.model, target.key, target.region];
}

function targetOf([provider, model, key, region]: TargetLine): Target {
  return { provider, model, key, region };
}

/** One attempt; times in milliseconds. */
export type AttemptLine = readonly [
  target: TargetLine,
  status: number,
  outcome: AttemptOutcome,
  startedAt: number,
  firstTokenMs: Known<number>,
  durationMs: number,
  usage: UsageLine,
  cost: Known<MoneyText>,
  upstreamRequestId: string,
  message: string,
];

/** Writes an attempt. */
export function attemptLine(attempt: AttemptRecord): AttemptLine {
  return [
    targetLine(attempt.target),
    attempt.status,
    attempt.outcome,
    attempt.startedAt,
    attempt.firstTokenMs ?? null,
    attempt.durationMs,
    usageLine(attempt.usage),
    moneyText(attempt.cost),
    attempt.upstreamRequestId,
    attempt.message,
  ];
}

/** Reads an attempt. */
export function attemptOf(line: AttemptLine): AttemptRecord {
  return {
    target: targetOf(line[0]),
    status: line[1],
    outcome: line[2],
    startedAt: line[3],
    firstTokenMs: line[4] ?? undefined,
    durationMs: line[5],
    usage: usageOf(line[6]),
    cost: money(line[7]),
    upstreamRequestId: line[8],
    message: line[9],
  };
}

type ReasonLine = readonly [code: Reason["code"], detail: string];
type RejectedLine = readonly [target: TargetLine, because: readonly ReasonLine[]];
type RouteLine = readonly [...RejectedLine, score: number];
type LimitsLine = readonly [
  attempts: number,
  connectMs: number,
  firstTokenMs: Known<number>,
  idleMs: number,
  totalMs: number,
];

/** A decision with its reasons. */
export type DecisionLine = readonly [
  virtualModel: string,
  route: readonly RouteLine[],
  rejected: readonly RejectedLine[],
  limits: LimitsLine,
  label: string,
  expected: Known<MoneyText>,
  worst: Known<MoneyText>,
  snapshot: string,
  draw: number,
];

/** Writes a decision. */
export function decisionLine(decision: Decision): DecisionLine {
  return [
    decision.virtualModel,
    decision.route.map((entry) => [...rejectedLine(entry), entry.score] as const),
    decision.rejected.map(rejectedLine),
    limitsLine(decision.limits),
    decision.label,
    moneyText(decision.expected),
    moneyText(decision.worst),
    decision.snapshot,
    decision.draw,
  ];
}

/** Reads a decision. */
export function decisionOf(line: DecisionLine): Decision {
  return {
    virtualModel: line[0],
    route: line[1].map(([target, because, score]) => ({ ...rejectedOf([target, because]), score })),
    rejected: line[2].map(rejectedOf),
    limits: limitsOf(line[3]),
    label: line[4],
    expected: money(line[5]),
    worst: money(line[6]),
    snapshot: line[7],
    draw: line[8],
  };
}

type Considered = Decision["rejected"][number];

function rejectedLine({ target, because }: Considered): RejectedLine {
  return [targetLine(target), because.map(({ code, detail }) => [code, detail] as const)];
}

function rejectedOf([target, because]: RejectedLine): Considered {
  return {
    target: targetOf(target),
    because: because.map(([code, detail]) => ({ code, detail })),
  };
}

function limitsLine(limits: AttemptLimits): LimitsLine {
  return [
    limits.attempts,
    limits.connectTimeoutMs,
    limits.firstTokenTimeoutMs ?? null,
    limits.idleTimeoutMs,
    limits.totalTimeoutMs,
  ];
}

function limitsOf([attempts, connectMs, firstTokenMs, idleMs, totalMs]: LimitsLine): AttemptLimits {
  return {
    attempts,
    connectTimeoutMs: connectMs,
    firstTokenTimeoutMs: firstTokenMs ?? undefined,
    idleTimeoutMs: idleMs,
    totalTimeoutMs: totalMs,
  };
}

function flag(value: boolean): Flag {
  return value ? 1 : 0;
}

function moneyText(nano: NanoUsd | undefined): Known<MoneyText> {
  return nano === undefined ? null : nano.toString();
}

function money(text: Known<MoneyText>): NanoUsd | undefined {
  return text === null ? undefined : BigInt(text);
}
