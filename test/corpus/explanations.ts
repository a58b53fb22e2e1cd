// What cannot be carried from one dialect into another, and why: the only differences that the matrix
// lets pass. Each names what it is about as narrowly as it can.

import type { DialectId } from "#core/facts.ts";

/** One difference that is known and cannot be helped. */
export interface Explanation {
  /** Where it shows: a refusal, a member of a request or of what a client reads, a path of a body. */
  readonly about: "refusal" | "request" | "reply" | "own" | "state";
  /** For refusals the message, else the name of the member. */
  readonly matches: RegExp;
  readonly from?: readonly DialectId[];
  readonly to?: readonly DialectId[];
  /** What must have been announced; a difference nobody was told of is no explained one. */
  readonly notice?: RegExp;
  /** Recordings that it is limited to. */
  readonly samples?: RegExp;
  readonly reason: string;
}

function refused(matches: RegExp, reason: string): Explanation {
  return { about: "refusal", matches, reason };
}

/** What a target has nothing of, by what its refusal says. */
const REFUSALS: readonly Explanation[] = [
  refused(/stored at another vendor|container_upload/, "a file lives at the vendor that has it"),
  refused(/this (image|file|video|audio) \(.*Leave it out/, "no such media, or a file of a vendor"),
  refused(/fetches nothing|not part of the request/, "addresses are not fetched there"),
  refused(/\b[Aa]udio\b/, "no sound in the input"),
  refused(/\b[Vv]ideo\b/, "no video in the input"),
  refused(/document that is not plain text/, "documents are plain text there"),
  refused(/web_search|googleSearch/, "no search of its own there"),
  refused(/web_fetch|urlContext/, "fetches no pages"),
  refused(/code_execution|code_interpreter|codeExecution/, "runs no code"),
  refused(/file_?search/i, "searches in files that live at the vendor"),
  refused(/advisor|image_generation|mcp|connector|computer|shell/, "a tool that one vendor has"),
  refused(/JSON together with tools/, "Cohere holds no answer to JSON beside tools"),
  refused(/demand that a tool is called/, "Ollama cannot be made to call a tool"),
  refused(/stop sequences/, "no stop sequences there"),
  refused(/log ?prob/i, "no log probabilities there"),
  refused(/beginning of an answer/, "answers are not continued there"),
  refused(
    /has no (files|images|audio|video|stop|way to be made)/,
    "the model is known to have none",
  ),
  refused(/compaction/, "a summary that only its vendor can read"),
];

function announced(matches: RegExp, notice: RegExp, reason: string): Explanation {
  return { about: "request", matches, notice, reason };
}

function own(matches: RegExp, reason: string): Explanation {
  return { about: "own", matches, reason };
}

/** What is said in another way, each with the notice that tells so. */
const CONVERSIONS: readonly Explanation[] = [
  announced(/^turns$/, /^emulated:user_(turn|message)$/, "somebody has to speak first"),
  announced(/^turns$/, /^emulated:text_beside_document$/, "Bedrock wants text beside a document"),
  announced(
    /^(instructions|turns|tools|toolChoice|responseFormat)$/,
    /^emulated:json_/,
    "JSON is asked for in words or by a tool",
  ),
  announced(
    /^(tools|toolChoice)$/,
    /^emulated:tools$/,
    "Bedrock wants tools beside results of tools",
  ),
  announced(
    /^(tools|toolChoice)$/,
    /^(emulated|converted):tool_choice$/,
    "no choice of that kind there",
  ),
  announced(/^sampling$/, /^(dropped|clamped):/, "no such sampling there"),
  announced(/^maxOutputTokens$/, /^clamped:max_/, "OpenAI answers with 16 tokens at least"),
  announced(/^turns$/, /^converted:document$/, "Cohere takes documents beside the messages"),
  announced(/^toolChoice$/, /^dropped:parallel_tool_calls$/, "no switch for parallel calls there"),
  announced(
    /^(tools|responseFormat)$/,
    /^(dropped|converted):schema\./,
    "a narrower JSON Schema there",
  ),
];

export const EXPLANATIONS: readonly Explanation[] = [
  ...REFUSALS,
  ...CONVERSIONS,
  {
    about: "request",
    matches: /: white space$/,
    to: ["ollama-chat"],
    reason: "a message is one text there, its parts joined by blank lines",
  },
  {
    about: "request",
    matches: /^(tools|toolChoice)$/,
    to: ["bedrock-converse"],
    reason: "said in Claude's own fields beside Converse's, which read back as another model's",
  },
  ...[
    own(
      /tool_calls\[\]\.index$|service_tier|reasoning\.enabled|reasoning_format/,
      "a word of one vendor for what happens anyway",
    ),
    own(/^\.instructions$/, "OpenAI wants JSON named where JSON is asked for"),
    own(/^\.turns\[\]\.parts$/, "reasoning goes back with what its vendor sealed alone"),
    own(/\.parts\[\]\.cache$/, "marks are sent to models that are known to take them"),
    own(/\.tool_choice$/, "Mistral's word for what others call required"),
    own(
      /cache_control|prompt_cache_breakpoint/,
      "marks are sent to models that are known to take them",
    ),
    own(/\.reasoning_effort$/, "an effort is not sent to models that are known to have none"),
    own(/stop sequences|not part of the request/, "refused by what is known of the model"),
    own(/^\.messages$/, "instructions between turns, which the vendor's models do not take"),
    own(/\.thoughtSignature$/, "the stand-in for a signature, in Google's other spelling"),
    own(/^\.tools\[\]$/, "a schema of OpenAPI, written as JSON Schema"),
  ],
  {
    about: "own",
    matches: /citations/,
    samples: /perplexity/,
    reason: "addresses beside the answer become annotations of it",
  },
  {
    about: "own",
    matches: /\.stop$|\.id$|createdAt/,
    samples: /background_mode|usage_limit|multiple_agent_tool_calls/,
    reason: "what the recording leaves out is filled in",
  },
  {
    about: "state",
    matches: /^text /,
    from: ["openai-responses"],
    to: ["openai-chat"],
    reason: "a chat message is one text, and the ids of several come back with it",
  },
  // What the independent reader takes otherwise than the vendors' own documents.
  {
    about: "reply",
    matches: /^stop$/,
    from: ["gemini-generate"],
    samples: /model_armor/,
    reason: "the reader does not know MODEL_ARMOR, Google's word for a blocked answer",
  },
  {
    about: "reply",
    matches: /^stop$/,
    from: ["gemini-generate"],
    reason: "a call that Google did not expect is a call all the same: clients answer it",
  },
  {
    about: "reply",
    matches: /^text$/,
    from: ["anthropic-messages"],
    notice: /^dropped:compaction$/,
    reason: "the reader counts a summary of the conversation as part of the answer",
  },
  {
    about: "reply",
    matches: /^(calls|faults)$/,
    from: ["bedrock-converse"],
    samples: /code_execution_tool/,
    reason: "the reader takes a call that Nova runs itself for one of the caller's",
  },
  {
    about: "reply",
    matches: /^(calls|stop)$/,
    from: ["openai-responses"],
    samples: /shell|apply-patch|tool-search|tool_search|execution_client|custom-tool/,
    reason: "only clients of Responses can offer these tools, and they pass through",
  },
  {
    about: "reply",
    matches: /^(text|usage)$/,
    from: ["openai-responses"],
    samples: /phase|shell-container/,
    reason: "the file leaves out deltas, which the last event of the text makes up for",
  },
  {
    about: "reply",
    matches: /^stop$/,
    from: ["openai-responses"],
    samples: /background_mode/,
    reason:
      "an answer that goes on in the background has not stopped, which the reader does not tell",
  },
];

/** What is known of a difference that was found. */
export interface Difference {
  readonly about: Explanation["about"];
  readonly what: string;
  readonly from: DialectId;
  readonly to: DialectId;
  readonly notices: readonly string[];
  readonly sample: string;
}

/** Why a difference cannot be helped; undefined when nobody knows. */
export function explain(difference: Difference): string | undefined {
  return EXPLANATIONS.find((known) => fits(known, difference))?.reason;
}

function fits(known: Explanation, difference: Difference): boolean {
  const { notice } = known;
  return (
    known.about === difference.about &&
    known.matches.test(difference.what) &&
    (known.from === undefined || known.from.includes(difference.from)) &&
    (known.to === undefined || known.to.includes(difference.to)) &&
    (known.samples === undefined || known.samples.test(difference.sample)) &&
    (notice === undefined || difference.notices.some((given) => notice.test(given)))
  );
}
