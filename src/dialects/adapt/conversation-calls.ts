// The calls of a conversation in the order and under the ids that most dialects demand: calls whose
// results come together stand together, and no id is used twice.

import type { Part, ToolCallPart, ToolResultPart, Turn } from "../neutral.ts";

/** The turns with their calls in order; the same list when they are already. */
export function orderedCalls(turns: readonly Turn[]): readonly Turn[] {
  const joined = turns.some(hasOpenCalls) ? joinedAtCalls(turns) : turns;
  return hasRepeatedIds(joined) ? new CallIds().renumbered(joined) : joined;
}

/** True for a turn of the assistant with a call that the next turn, again the assistant's, follows. */
function hasOpenCalls(turn: Turn, index: number, turns: readonly Turn[]): boolean {
  const isFollowed = turns[index + 1]?.role === "assistant";
  return isFollowed && turn.role === "assistant" && turn.parts.some(isCall);
}

function isCall(part: Part): part is ToolCallPart {
  return part.kind === "tool-call";
}

/** The results of a turn's calls follow it at once in most dialects, so that the calls are one turn's. */
function joinedAtCalls(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  turns.forEach((turn, index) => {
    const before = turns[index - 1];
    const isOpen = before !== undefined && hasOpenCalls(before, index - 1, turns);
    const last = joined.at(-1);
    if (isOpen && last !== undefined) {
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
    } else joined.push(turn);
  });
  return joined;
}

function hasRepeatedIds(turns: readonly Turn[]): boolean {
  const seen = new Set<string>();
  for (const { parts } of turns) {
    for (const part of parts) {
      if (!isCall(part)) continue;
      if (seen.has(part.id)) return true;
      seen.add(part.id);
    }
  }
  return false;
}

/** Some vendors count the ids of every answer anew; others take an id once in a conversation. */
class CallIds {
  readonly #used = new Set<string>();
  /** By the id as given: the ids of calls that wait for a result, oldest first. */
  readonly #open = new Map<string, string[]>();
  readonly #latest = new Map<string, string>();

  renumbered(turns: readonly Turn[]): Turn[] {
    return turns.map((turn) => ({ ...turn, parts: turn.parts.map((part) => this.#part(part)) }));
  }

  #part(part: Part): Part {
    if (isCall(part)) return { ...part, id: this.#enter(part.id) };
    return part.kind === "tool-result" ? this.#result(part) : part;
  }

  #enter(given: string): string {
    let repetition = 0;
    let id = given;
    while (this.#used.has(id)) {
      repetition += 1;
      id = `${given}_${repetition}`;
    }
    this.#used.add(id);
    this.#latest.set(given, id);
    this.#open.set(given, [...(this.#open.get(given) ?? []), id]);
    return id;
  }

  #result(part: ToolResultPart): ToolResultPart {
    const [first, ...others] = this.#open.get(part.callId) ?? [];
    if (first !== undefined) this.#open.set(part.callId, others);
    return { ...part, callId: first ?? this.#latest.get(part.callId) ?? part.callId };
  }
}
