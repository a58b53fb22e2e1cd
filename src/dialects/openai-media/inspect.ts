// What is read off an answer about images or sound that is JSON.

import type { Operation } from "#core/facts.ts";
import type { Json, JsonObject } from "#core/json.ts";
import { asObject, asString } from "#core/json.ts";
import type { ReplyFindings } from "../dialect.ts";
import { malformed, readInlineFault } from "../openai-chat/fault.ts";
import { readMediaUsage, readSeconds } from "./usage.ts";

/** Looks at a reply. No words in a sound is an answer; no image is none. */
export function inspectMedia(body: Json | undefined, operation: Operation): ReplyFindings {
  const reply = asObject(body);
  if (reply === undefined) return broken("The reply is not a JSON object.");
  const fault = readInlineFault(reply);
  if (fault !== undefined) return { ...broken(""), fault };
  if (operation === "speak") return broken("The reply is JSON and no sound.");
  const isTranscript = operation === "transcribe" || operation === "translate_audio";
  return isTranscript ? inspectTranscript(reply) : inspectImages(reply);
}

function inspectImages(reply: JsonObject): ReplyFindings {
  const { data } = reply;
  if (!Array.isArray(data)) return broken("The reply has no list of images.");
  return {
    usage: readMediaUsage(reply["usage"]),
    empty: data.length === 0,
    stop: "end",
    fault: undefined,
    textLength: 0,
  };
}

function inspectTranscript(reply: JsonObject): ReplyFindings {
  const text = asString(reply["text"]);
  if (text === undefined) return broken("The reply has no text.");
  return {
    // The long form tells how long the sound is, also where nothing else is told.
    usage: readMediaUsage(reply["usage"]) ?? readSeconds(reply["duration"]),
    empty: false,
    stop: "end",
    fault: undefined,
    textLength: text.length,
  };
}

function broken(message: string): ReplyFindings {
  return {
    usage: undefined,
    empty: false,
    stop: "error",
    fault: malformed(message),
    textLength: 0,
  };
}
