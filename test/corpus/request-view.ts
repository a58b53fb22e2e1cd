// What a request says, whatever dialect it stands in: the ground on which a request and its translation
// are compared. Reasoning of earlier turns and vendors' own blocks are no part of it; what becomes of
// state is compared apart.

import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "#core/json.ts";
import type {
  MediaSource,
  NeutralRequest,
  Part,
  Tool,
  ToolResultPart,
  Turn,
} from "#dialects/neutral.ts";
import { skeletonOf } from "./schema-skeleton.ts";

/** The members of a view, each compared for itself. */
export interface RequestView {
  readonly instructions: string;
  /** One list a turn of the merged roles: what is said, shown, called and returned, in order. */
  readonly turns: readonly (readonly [role: string, pieces: readonly unknown[]])[];
  readonly tools: readonly unknown[];
  readonly toolChoice: unknown;
  readonly maxOutputTokens: unknown;
  readonly stop: unknown;
  readonly sampling: unknown;
  readonly responseFormat: unknown;
  readonly stream: boolean;
}

/** Looks at a request. */
export function viewOf(request: NeutralRequest): RequestView {
  const { stop, ...sampling } = request.sampling;
  return {
    instructions: textsOf(request.instructions),
    turns: turnsOf(request),
    tools: offered(request).map(toolOf),
    toolChoice: offered(request).length === 0 ? undefined : choiceOf(request),
    maxOutputTokens: request.maxOutputTokens,
    stop,
    sampling: Object.fromEntries(Object.entries(sampling).filter(isChange)),
    responseFormat:
      request.responseFormat?.kind === "schema"
        ? { schema: skeletonOf(request.responseFormat.schema) }
        : request.responseFormat,
    stream: request.stream,
  };
}

/**
 * The members in which a translation differs; those that differ in white space alone say so. A cap that
 * the caller did not set may be any.
 */
export function differences(wanted: RequestView, got: RequestView): string[] {
  const names = Object.keys(wanted) as (keyof RequestView)[];
  return names.flatMap((name) => {
    if (name === "maxOutputTokens" && wanted[name] === undefined) return [];
    const [one, other] = [plain(wanted[name]), plain(got[name])];
    if (isDeepStrictEqual(one, other)) return [];
    return [isDeepStrictEqual(dense(one), dense(other)) ? `${name}: white space` : name];
  });
}

function dense(value: unknown): string {
  return (JSON.stringify(value) ?? "").replace(/\\n|\s/g, "");
}

/** Without members that are undefined. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** Values that change nothing need not be sent. */
const NEUTRAL_VALUES: Readonly<Record<string, number>> = {
  temperature: 1,
  topP: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
  choices: 1,
};

function isChange([name, value]: [string, unknown]): boolean {
  return value !== undefined && NEUTRAL_VALUES[name] !== value;
}

/** A choice out of some tools says the same as offering only these. */
function offered({ tools, vendorTools, toolChoice }: NeutralRequest): readonly Tool[] {
  // Who may call none needs none.
  if (toolChoice?.mode === "none") return [];
  if (toolChoice?.mode !== "allowed") {
    return [...tools, ...vendorTools.flatMap((tool) => tool.asFunction ?? [])];
  }
  return tools.filter((tool) => toolChoice.names.includes(tool.name));
}

function choiceOf({ toolChoice, parallelToolCalls }: NeutralRequest): unknown {
  return { mode: modeOf(toolChoice), isSerial: parallelToolCalls === false };
}

function modeOf(choice: NeutralRequest["toolChoice"]): unknown {
  if (choice?.mode === "allowed") return choice.required ? "required" : "auto";
  if (choice?.mode === "named") return choice.name;
  return choice?.mode ?? "auto";
}

function toolOf(tool: Tool): unknown {
  return [tool.name, tool.description ?? "", skeletonOf(tool.parameters ?? NO_PARAMETERS)];
}

const NO_PARAMETERS = { type: "object", properties: {} };

function textsOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n");
}

type Turns = RequestView["turns"];

function turnsOf(request: NeutralRequest): Turns {
  const answered = new Map<string, unknown>();
  const merged: [string, Part[]][] = [];
  for (const turn of request.turns.filter(isSaid)) {
    // Not every dialect has instructions between turns; the words are the user's then.
    const role = turn.role === "system" ? "user" : turn.role;
    const last = merged.at(-1);
    if (last?.[0] === role) last[1].push(...turn.parts);
    else merged.push([role, [...turn.parts]]);
    for (const part of turn.parts) {
      if (part.kind === "tool-call") {
        answered.set(part.id, [part.name, parsed(part.argumentsJson)]);
      }
    }
  }
  return merged.map(([role, parts]) => [role, piecesOf(parts, answered)]);
}

/** Turns of nothing but reasoning or vendors' blocks do not part those around them. */
function isSaid({ parts }: Turn): boolean {
  return piecesOf(parts, new Map()).length > 0;
}

/**
 * Text that stands together is one piece, however many parts it came in. What results show stands behind
 * all results, which is the only place that chat has for it.
 */
function piecesOf(given: readonly Part[], answered: ReadonlyMap<string, unknown>): unknown[] {
  const results = given.filter((part) => part.kind === "tool-result");
  const parts = [
    ...results,
    ...results.flatMap(({ content }) => content.filter(isShown)),
    ...given.filter((part) => part.kind !== "tool-result"),
  ];
  const pieces: unknown[] = [];
  for (const part of parts) {
    const piece = pieceOf(part, answered);
    const last = pieces.at(-1);
    if (piece === undefined) continue;
    if (typeof piece === "string" && typeof last === "string") {
      pieces[pieces.length - 1] = last + piece;
    } else pieces.push(piece);
  }
  return pieces
    .map((piece) => (typeof piece === "string" ? withoutTags(piece) : piece))
    .filter((piece) => piece !== "");
}

/** Media, but for text that came as a file and is read as text. */
function isShown(part: Part): boolean {
  return !["text", "vendor"].includes(part.kind) && typeof pieceOf(part, new Map()) !== "string";
}

/** Without the words that mark instructions between turns, and the contents of results, as such. */
function withoutTags(text: string): string {
  return text
    .replace(/<system>\n([\s\S]*?)\n<\/system>/g, "$1")
    .replace(/Content of the result of call [^:]*:/g, "");
}

function pieceOf(part: Part, answered: ReadonlyMap<string, unknown>): unknown {
  switch (part.kind) {
    case "text":
    case "refusal":
      return part.text === "" ? undefined : part.text;
    case "image":
    case "audio":
    case "video":
    case "file":
      return mediaOf(part.source);
    case "tool-call":
      return { call: part.name, arguments: parsed(part.argumentsJson) };
    case "tool-result": {
      return {
        result: part.name,
        answers: answered.get(part.callId),
        text: parsed(resultText(part)),
      };
    }
    case "vendor":
      return part.instead === "" ? undefined : part.instead;
    case "reasoning":
      return undefined;
  }
}

const MOVED = "The content follows in the next message of the user.";
const FAILED = "Error: ";

/** Not every dialect has a flag for a call that failed; the words then say so. */
function resultText({ content, isError }: ToolResultPart): string {
  const texts = content.flatMap((item) => {
    const piece = pieceOf(item, new Map());
    return typeof piece === "string" ? [piece] : [];
  });
  const text = texts.join("\n");
  if (text === MOVED) return "";
  return isError && !text.startsWith(FAILED) ? FAILED + text : text;
}

function mediaOf(source: MediaSource): unknown {
  switch (source.from) {
    case "base64":
      return source.mediaType.startsWith("text/")
        ? Buffer.from(source.data, "base64").toString("utf8")
        : { bytes: digest(source.data.replace(/=+$/, "")), type: source.mediaType };
    case "text":
      return source.text;
    case "url":
      return { url: source.url };
    case "vendor-file":
      return { file: source.id };
  }
}

function digest(data: string): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 12);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    return text;
  }
}
