// The facts of a call, read off the body: what routing, metering and policy go by.

import { invalidRequest } from "#core/errors.ts";
import type { CallFacts } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { countedRequest } from "./counted-request.ts";
import { GEMINI_GENERATE } from "./dialect-id.ts";
import type { Fields } from "./fields.ts";
import { requestFields } from "./fields.ts";
import { mediaKind } from "./media.ts";

interface Tally {
  text: number;
  image: number;
  audio: number;
  file: number;
}

/**
 * Reads a call. Model and streaming stand in the path; a counting call may hold its contents in
 * `generateContentRequest`.
 * @throws GatewayError `invalid_request` with the path of the field
 */
export function readCall(body: JsonObject, hints: CallHints): CallFacts {
  const fields = countedRequest(requestFields(body), hints.operation);
  const contents = fields.objects("contents");
  if (contents.length === 0) {
    throw invalidRequest(
      fields.pathOf("contents"),
      'The request needs at least one of "contents".',
    );
  }
  const tally: Tally = { text: 0, image: 0, audio: 0, file: 0 };
  for (const content of contents) tallyContent(content, tally);
  tallyInstruction(fields, tally);
  const config = fields.object("generationConfig");
  const thinking = config?.object("thinkingConfig");
  return {
    operation: hints.operation,
    dialect: GEMINI_GENERATE,
    model: modelAsked(fields, hints),
    stream: hints.stream ?? false,
    // Gemini streams always tell their usage, so that its clients expect it.
    wantsUsage: true,
    textLength: tally.text + jsonLength(fields.value("tools")),
    maxOutputTokens: atLeast(0, config?.integer("maxOutputTokens")),
    choices: atLeast(1, config?.integer("candidateCount")),
    messageCount: contents.length,
    toolCount: countTools(fields),
    imageCount: tally.image,
    audioCount: tally.audio,
    fileCount: tally.file,
    hasSchema: config !== undefined && wantsSchema(config),
    reasoning: thinking !== undefined && thinking.integer("thinkingBudget") !== 0,
    user: "",
    metadata: readLabels(fields),
  };
}

function modelAsked(fields: Fields, hints: CallHints): string {
  if (hints.model !== "") return hints.model;
  const named = fields.string("model")?.replace(/^models\//, "") ?? "";
  if (named === "") throw invalidRequest("model", "The path must name a model.");
  return named;
}

function tallyContent(content: Fields, tally: Tally): void {
  for (const part of content.objects("parts")) tallyPart(part, tally);
}

function tallyInstruction(body: Fields, tally: Tally): void {
  const value = body.value("systemInstruction");
  if (typeof value === "string") {
    tally.text += value.length;
    return;
  }
  const content = body.object("systemInstruction");
  if (content?.has("parts")) tallyContent(content, tally);
  else if (content !== undefined) tallyPart(content, tally);
}

function tallyPart(part: Fields, tally: Tally): void {
  const text = part.string("text");
  if (text !== undefined) {
    tally.text += text.length;
    return;
  }
  const media = part.object("inlineData") ?? part.object("fileData");
  if (media !== undefined) {
    const kind = mediaKind(media.string("mimeType") ?? "");
    tally[kind === "video" ? "file" : kind] += 1;
    return;
  }
  const result = part.object("functionResponse");
  if (result !== undefined) {
    tally.text += jsonLength(result.value("response"));
    for (const nested of result.objects("parts")) tallyPart(nested, tally);
    return;
  }
  // Calls, code and its results are read by the model as text; signatures are not.
  for (const [, value] of part.rest(SIGNATURE)) tally.text += jsonLength(value);
}

const SIGNATURE = new Set(["thoughtSignature"]);

function jsonLength(value: Json | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}

function countTools(body: Fields): number {
  let count = 0;
  for (const entry of body.objects("tools")) {
    const declared = entry.objects("functionDeclarations").length;
    count += declared + entry.rest(DECLARATIONS).length;
  }
  return count;
}

const DECLARATIONS = new Set(["functionDeclarations"]);

function wantsSchema(config: Fields): boolean {
  if (config.has("responseSchema") || config.has("responseJsonSchema")) return true;
  const mimeType = config.string("responseMimeType")?.toLowerCase() ?? "";
  return mimeType !== "" && mimeType !== "text/plain";
}

function readLabels(body: Fields): Record<string, string> {
  const labels = body.object("labels")?.json ?? {};
  const strings = Object.entries(labels).filter((entry) => typeof entry[1] === "string");
  return Object.fromEntries(strings) as Record<string, string>;
}

function atLeast(least: number, value: number | undefined): number {
  return Math.max(least, value ?? least);
}
