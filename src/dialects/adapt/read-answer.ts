// The answer of a request that wanted a shape, found in the reply of a model that was asked for it in
// another way, and the reply as the caller expects it.

import { restoreText } from "../json-schema/restore.ts";
import type { NeutralChoice, NeutralReply, Part, StopReason } from "../neutral.ts";
import type { AnswerPlan } from "./restoring.ts";

/** The answer of one choice. */
export interface FoundAnswer {
  readonly text: string;
  /** False: cut off or filtered, which no check and no repair would mend. */
  readonly mustBeChecked: boolean;
}

/** Stops that are the answer themselves. */
const FINAL: ReadonlySet<StopReason> = new Set<StopReason>([
  "max_tokens",
  "context_limit",
  "content_filter",
  "refusal",
  "pause",
]);
/** No longer answer is looked into on the event loop, in UTF-16 code units. */
export const LONGEST_ANSWER = 1_000_000;

/** @returns undefined when the choice gives no answer yet: it calls the caller's own tools, or refuses */
export function findAnswer(choice: NeutralChoice, plan: AnswerPlan): FoundAnswer | undefined {
  const mustBeChecked = !FINAL.has(choice.stop);
  const call = choice.parts.find((part) => isAnswerCall(part, plan));
  if (call?.kind === "tool-call") {
    return { text: restored(call.argumentsJson, plan, mustBeChecked), mustBeChecked };
  }
  if (choice.parts.some(({ kind }) => kind === "tool-call" || kind === "refusal")) return undefined;
  const text = choice.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  const found = plan.isEmulated && text.length <= LONGEST_ANSWER ? jsonIn(text) : text;
  return { text: restored(found, plan, mustBeChecked), mustBeChecked };
}

/** The choice with the answer as its text. */
export function withAnswer(choice: NeutralChoice, plan: AnswerPlan, text: string): NeutralChoice {
  const others = choice.parts.filter((part) => part.kind !== "text" && !isAnswerCall(part, plan));
  const answer: Part[] = text === "" ? [] : [{ kind: "text", text }];
  // The call was Sluice's own idea: the caller knows of no tool.
  const isOwnCall = choice.stop === "tool_call" && plan.carrier === "tool";
  return {
    ...choice,
    parts: [...others, ...answer],
    ...(isOwnCall && { stop: "end", vendorStop: "" }),
  };
}

/** The reply with the answers in place of what carried them. */
export function withAnswers(reply: NeutralReply, plan: AnswerPlan): NeutralReply {
  const choices = reply.choices.map((choice) => {
    const found = findAnswer(choice, plan);
    return found === undefined ? choice : withAnswer(choice, plan, found.text);
  });
  return { ...reply, choices };
}

function isAnswerCall(part: Part, { carrier, toolName }: AnswerPlan): boolean {
  return carrier === "tool" && part.kind === "tool-call" && part.name === toolName;
}

function restored(text: string, { restoring }: AnswerPlan, isWhole: boolean): string {
  if (restoring === undefined || !isWhole || text.length > LONGEST_ANSWER) return text;
  return restoreText(text, restoring);
}

const FENCE = "```";

/** JSON out of what models put around it: a fence, a sentence before or behind. */
function jsonIn(text: string): string {
  const trimmed = text.trim();
  if (isJson(trimmed)) return trimmed;
  const opening = trimmed.indexOf(FENCE);
  const start = trimmed.indexOf("\n", opening);
  const end = trimmed.indexOf(FENCE, start);
  if (opening >= 0 && start >= 0 && end > start) {
    const fenced = trimmed.slice(start + 1, end).trim();
    if (isJson(fenced)) return fenced;
  }
  const first = trimmed.search(/[[{]/);
  const last = Math.max(trimmed.lastIndexOf("}"), trimmed.lastIndexOf("]"));
  const inner = first >= 0 && last > first ? trimmed.slice(first, last + 1) : "";
  return inner !== "" && isJson(inner) ? inner : trimmed;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
