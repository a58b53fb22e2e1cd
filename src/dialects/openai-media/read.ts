// Facts of calls about images and sound, out of JSON or out of a form.

import { GatewayError, invalidRequest } from "#core/errors.ts";
import type { CallFacts, Operation } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import type { CallHints } from "../dialect.ts";
import { booleanAt, countAt, listAt, requiredString, stringAt } from "../openai-chat/fields.ts";
import { OPENAI_MEDIA } from "./dialect-id.ts";

/** Operations that OpenAI takes as a form alone (openai/openai-openapi 2.3.0, 2026-08). */
const FORMS_ONLY: ReadonlySet<Operation> = new Set(["vary_image", "transcribe", "translate_audio"]);
/** Operations that may, or must, come as a form. */
export const FORM_OPERATIONS: ReadonlySet<Operation> = new Set([...FORMS_ONLY, "edit_image"]);

const MAX_IMAGES = 128;

/**
 * Reads a JSON body.
 * @throws GatewayError `invalid_request` with the path of the field; `unsupported_encoding` for what only
 *   comes as a form
 */
export function readMedia(body: JsonObject, hints: CallHints): CallFacts {
  const { operation } = hints;
  if (FORMS_ONLY.has(operation)) {
    throw new GatewayError("unsupported_encoding", "Send multipart/form-data with the file here.");
  }
  const text = requiredString(body, operation === "speak" ? "input" : "prompt");
  const wantsEvents = stringAt(body, "stream_format") === "sse";
  return facts(operation, {
    model: requiredString(body, "model"),
    stream: operation === "speak" ? wantsEvents : (booleanAt(body, "stream") ?? false),
    textLength: text.length + (stringAt(body, "instructions") ?? "").length,
    choices: choicesIn(countAt(body, "n", 1) ?? 1),
    imageCount: listAt(body, "images").length,
    user: stringAt(body, "user") ?? "",
  });
}

/**
 * Reads a form.
 * @throws GatewayError `invalid_request` with the name of the field
 */
export function readMediaForm(fields: ReadonlyMap<string, string>, hints: CallHints): CallFacts {
  const model = fields.get("model") ?? "";
  if (model === "") throw invalidRequest("model", '"model" must be a text and not empty.');
  const { operation } = hints;
  const count = fields.get("n") ?? "1";
  const isAboutSound = operation === "transcribe" || operation === "translate_audio";
  return {
    ...facts(operation, {
      model,
      // Whether a form wants a stream may stand behind its file; the answer shows it.
      stream: false,
      textLength: (fields.get("prompt") ?? "").length,
      choices: choicesIn(/^[1-9]\d{0,8}$/.test(count) ? Number(count) : 1),
      imageCount: isAboutSound ? 0 : 1,
      user: fields.get("user") ?? "",
    }),
    audioCount: isAboutSound ? 1 : 0,
  };
}

function choicesIn(count: number): number {
  if (count <= MAX_IMAGES) return count;
  throw invalidRequest("n", `"n" must be at most ${MAX_IMAGES}.`);
}

type Known = Pick<CallFacts, "model" | "stream" | "textLength" | "choices" | "imageCount" | "user">;

function facts(operation: Operation, known: Known): CallFacts {
  return {
    ...known,
    operation,
    dialect: OPENAI_MEDIA,
    // What a stream of images or sound used stands in its last event, and belongs there.
    wantsUsage: true,
    maxOutputTokens: 0,
    messageCount: 1,
    toolCount: 0,
    audioCount: 0,
    fileCount: 0,
    hasSchema: false,
    reasoning: false,
    metadata: {},
  };
}
