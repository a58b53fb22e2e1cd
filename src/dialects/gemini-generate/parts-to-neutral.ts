// Parts of a content to neutral parts, in requests and replies alike.

import type { JsonObject } from "#core/json.ts";
import { asObject } from "#core/json.ts";
import type { Part, ToolResultPart } from "../neutral.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { fileToNeutral, inlineToNeutral } from "./media.ts";
import { readRawState } from "./own-state.ts";
import { readSignature } from "./signatures.ts";

/** Where calls get their ids from: the conversation, or the reply that they stand in. */
export interface CallIds {
  idOfCall(name: string, argumentsJson: string, givenId: string | undefined): string;
  /** Undefined when there is no such call. */
  callOfResult(
    name: string,
    givenId: string | undefined,
  ): { readonly id: string; readonly name: string } | undefined;
}

/** A part with what turns need to know to put pieces of a stream together again. */
export interface ReadPart {
  readonly part: Part;
  /** The state in it closes everything of its kind since the last closed part. */
  readonly closesEnvelope: boolean;
}

type PartReader = (part: Fields, ids: CallIds) => Part;

/** The kinds of content that the neutral form knows, in the order in which they are looked for. */
const READERS: ReadonlyMap<string, PartReader> = new Map<string, PartReader>([
  ["functionCall", (part, ids) => readCall(part, ids)],
  ["functionResponse", (part, ids) => readResult(part, ids)],
  ["inlineData", (part) => readNested(part, "inlineData", inlineToNeutral)],
  ["fileData", (part) => readNested(part, "fileData", fileToNeutral)],
  ["text", (part) => readText(part)],
]);

/** Fields that say something about the content beside them. */
const BESIDE_CONTENT: ReadonlySet<string> = new Set([
  "thought",
  "thoughtSignature",
  "videoMetadata",
  "mediaResolution",
  "mediaProcessing",
  "partMetadata",
  "speechMetadata",
]);

/**
 * Reads one part. What has no neutral kind becomes a vendor part with the whole object in it; fields
 * beside known content travel as raw state of the part.
 */
export function readPart(part: Fields, ids: CallIds): ReadPart {
  const kind = contentKind(part);
  if (kind === undefined) return { part: vendorPart(part), closesEnvelope: false };
  const signature = readSignature(part.string("thoughtSignature"));
  const read = READERS.get(kind)?.(part, ids) ?? readText(part);
  const beside = readRawState(part, "part");
  const states = [...(read.providerState ?? []), ...signature.states, ...beside];
  const isHidden = read.kind === "reasoning" && signature.isRedacted;
  return {
    part: {
      ...read,
      ...(isHidden && { redacted: true }),
      ...(states.length > 0 && { providerState: states }),
    },
    closesEnvelope: signature.isEnvelope && !signature.isRedacted,
  };
}

/** The content of a part by its field; undefined when only Gemini knows it. */
function contentKind(part: Fields): string | undefined {
  let kind: string | undefined;
  for (const name of READERS.keys()) {
    if (!part.has(name)) continue;
    if (kind === undefined) kind = name;
    else if (part.value(name) !== "") part.refuse("", "one kind of content only");
  }
  return kind ?? (part.rest(BESIDE_CONTENT).length === 0 ? "text" : undefined);
}

function readText(part: Fields): Part {
  const text = part.string("text") ?? "";
  return part.flag("thought") === true
    ? { kind: "reasoning", text, redacted: false }
    : { kind: "text", text };
}

function readNested(part: Fields, name: string, read: (inner: Fields) => Part): Part {
  const inner = part.object(name);
  return inner === undefined ? { kind: "text", text: "" } : read(inner);
}

function readCall(part: Fields, ids: CallIds): Part {
  const call = part.object("functionCall");
  if (call === undefined) return { kind: "text", text: "" };
  const name = call.string("name") ?? "";
  if (name === "" && call.reading === "strict") call.refuse("name", "the name of a function");
  const argumentsJson = JSON.stringify(asObject(call.value("args")) ?? {});
  const id = ids.idOfCall(name, argumentsJson, call.string("id") || undefined);
  const states = readRawState(call, "functionCall");
  return {
    kind: "tool-call",
    id,
    name,
    argumentsJson,
    ...(states.length > 0 && { providerState: states }),
  };
}

function readResult(part: Fields, ids: CallIds): Part {
  const result = part.object("functionResponse");
  if (result === undefined) return { kind: "text", text: "" };
  const given = result.string("name") ?? "";
  const call = ids.callOfResult(given, result.string("id") || undefined);
  if (call === undefined) {
    result.refuse("name", "the name of a function that was called before");
  }
  const structured = asObject(result.value("response")) ?? {};
  const states = readRawState(result, "functionResponse");
  return {
    kind: "tool-result",
    callId: call?.id ?? "",
    name: call?.name ?? given,
    content: [{ kind: "text", text: resultText(structured) }, ...resultMedia(result)],
    structured,
    isError: isErrorResult(structured),
    ...(states.length > 0 && { providerState: states }),
  };
}

/** Google's convention (FunctionResponse.response, 2026-08): `output` or `error`, else it is all output. */
function isErrorResult(response: JsonObject): boolean {
  return response["error"] !== undefined && response["output"] === undefined;
}

function resultText(response: JsonObject): string {
  const keys = Object.keys(response);
  const [only] = keys;
  const isWrapped =
    keys.length === 1 && only !== undefined && ["output", "error", "result"].includes(only);
  const value = isWrapped ? response[only] : response;
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

type ResultMedia = Exclude<ToolResultPart["content"][number], { kind: "text" }>;

function resultMedia(result: Fields): ResultMedia[] {
  return result.objects("parts").flatMap((part) => {
    const blob = part.object("inlineData");
    const file = part.object("fileData");
    const media = blob ? inlineToNeutral(blob) : file ? fileToNeutral(file) : undefined;
    if (media === undefined) part.refuse("inlineData", "inline data or file data");
    return isMedia(media) ? [media] : [];
  });
}

function isMedia(part: Part | undefined): part is ResultMedia {
  return part !== undefined && ["image", "audio", "video", "file"].includes(part.kind);
}

/** A part that only Gemini has: code and its results, calls of its own tools. */
export function vendorPart(part: Fields): Part {
  const name = part.rest(BESIDE_CONTENT)[0]?.[0] ?? "part";
  return { kind: "vendor", origin: GEMINI_GENERATE, name, value: part.json };
}
