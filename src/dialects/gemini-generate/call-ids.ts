// Ids of tool calls. Gemini pairs calls and results by order and name and seldom sends an id; the
// neutral form needs one, unique in the conversation and the same on every turn.

import { createHash } from "node:crypto";
import { GEMINI_GENERATE } from "./dialect-id.ts";

/** Opens every id that was made here, so that it is never sent to Gemini as if Gemini knew it. */
const PREFIX = "call_gemini_";
const DIGITS = 20;

/** An id out of what identifies the call. */
function makeId(...facts: readonly (string | number)[]): string {
  const hash = createHash("sha256").update(JSON.stringify([GEMINI_GENERATE, ...facts]));
  return PREFIX + hash.digest("hex").slice(0, DIGITS);
}

/** True for an id that Gemini never saw. */
export function isMadeId(id: string): boolean {
  return id.startsWith(PREFIX) && id.length === PREFIX.length + DIGITS;
}

/** What tells a call apart from all others of its conversation, in a reply that gives it no id. */
export interface ReplyCall {
  /** Empty when Google sent none; the call's content then stands in. */
  readonly responseId: string;
  readonly candidate: number;
  readonly position: number;
  readonly name: string;
  readonly argumentsJson: string;
}

/** The id of a call in a reply that came without one. */
export function replyCallId(call: ReplyCall): string {
  const { responseId, candidate, position } = call;
  const content = responseId === "" ? [call.name, call.argumentsJson] : [];
  return makeId("reply", responseId, candidate, position, ...content);
}

interface KnownCall {
  readonly id: string;
  readonly givenId: string | undefined;
  readonly name: string;
  isAnswered: boolean;
}

/** The calls of one conversation, in order, with what is still unanswered. */
export class CallBook {
  readonly #calls: KnownCall[] = [];
  readonly #used = new Set<string>();

  /** Enters a call. @returns its id, made from name, arguments and repetition when none was given */
  enter(name: string, argumentsJson: string, givenId: string | undefined): string {
    const wanted = (repetition: number) =>
      givenId === undefined
        ? makeId("history", name, argumentsJson, repetition)
        : `${givenId}${repetition === 0 ? "" : `_${repetition}`}`;
    let repetition = 0;
    while (this.#used.has(wanted(repetition))) repetition += 1;
    const id = wanted(repetition);
    this.#used.add(id);
    this.#calls.push({ id, givenId, name, isAnswered: false });
    return id;
  }

  /** Finds the call that a result answers: by id, else the oldest open one of that name. */
  answer(name: string, givenId: string | undefined): { id: string; name: string } | undefined {
    const open = this.#calls.filter((call) => !call.isAnswered);
    const call =
      givenId === undefined
        ? open.find((known) => known.name === name)
        : (open.find((known) => known.givenId === givenId) ??
          open.find((known) => known.givenId === undefined && known.name === name));
    if (call !== undefined) call.isAnswered = true;
    else if (givenId === undefined) return undefined;
    return { id: call?.id ?? givenId ?? "", name: call?.name ?? name };
  }
}
