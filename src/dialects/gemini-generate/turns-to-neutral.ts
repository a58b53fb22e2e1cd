// Contents to turns: roles, pieces of a stream that a client keeps apart, results before the rest.

import type { Part, Turn } from "../neutral.ts";
import { CallBook } from "./call-ids.ts";
import type { Fields } from "./fields.ts";
import type { CallIds, ReadPart } from "./parts-to-neutral.ts";
import { readPart } from "./parts-to-neutral.ts";

/** Reads `contents`. Adjacent model contents are one turn: SDKs keep each chunk of a stream apart. */
export function readTurns(contents: readonly Fields[]): Turn[] {
  const ids = conversationIds();
  const turns: { role: "user" | "assistant"; parts: Part[] }[] = [];
  for (const content of contents) {
    const role = readRole(content);
    const parts = content.objects("parts").map((part) => readPart(part, ids));
    const last = turns.at(-1);
    if (last?.role === "assistant" && role === "assistant") append(last.parts, parts, true);
    else turns.push({ role, parts: append([], parts, false) });
  }
  return turns.map((turn) => (turn.role === "user" ? resultsFirst(turn) : turn));
}

function conversationIds(): CallIds {
  const book = new CallBook();
  return {
    idOfCall: (name, argumentsJson, givenId) => book.enter(name, argumentsJson, givenId),
    callOfResult: (name, givenId) => book.answer(name, givenId),
  };
}

function readRole(content: Fields): "user" | "assistant" {
  const role = content.string("role") ?? "";
  if (role === "model") return "assistant";
  if (role !== "user" && role !== "function" && role !== "") {
    content.refuse("role", '"user" or "model"');
  }
  return "user";
}

/** Adds parts; at a seam between two contents, pieces of one text become one text again. */
function append(parts: Part[], added: readonly ReadPart[], isSeam: boolean): Part[] {
  for (const [position, { part, closesEnvelope }] of added.entries()) {
    if (closesEnvelope) absorb(parts, part);
    else if (isSeam && position === 0) joinAtSeam(parts, part);
    else parts.push(part);
  }
  return parts;
}

/** State that comes after the text it belongs to takes in the stateless pieces before it. */
function absorb(parts: Part[], part: Part): void {
  if (part.kind !== "text" && part.kind !== "reasoning") {
    parts.push(part);
    return;
  }
  let text = part.text;
  for (let last = parts.at(-1); isPlainPiece(last, part.kind); last = parts.at(-1)) {
    text = last.text + text;
    parts.pop();
  }
  parts.push({ ...part, text });
}

function joinAtSeam(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  const isPiece = part.kind === "text" || part.kind === "reasoning";
  if (isPiece && isPlainPiece(last, part.kind) && isPlainPiece(part, part.kind)) {
    parts[parts.length - 1] = { ...last, text: last.text + part.text };
  } else parts.push(part);
}

type Piece = Extract<Part, { kind: "text" | "reasoning" }>;

function isPlainPiece(part: Part | undefined, kind: Piece["kind"]): part is Piece {
  if (part?.kind !== kind || part.providerState !== undefined) return false;
  return part.kind === "text" || !part.redacted;
}

function resultsFirst(turn: { role: "user" | "assistant"; parts: Part[] }): Turn {
  const results = turn.parts.filter((part) => part.kind === "tool-result");
  if (results.length === 0) return turn;
  return {
    ...turn,
    parts: [...results, ...turn.parts.filter((part) => part.kind !== "tool-result")],
  };
}
