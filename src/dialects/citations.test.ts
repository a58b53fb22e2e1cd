// What an answer rests on, told from one vendor's form into each other one's.

import { describe, expect, test } from "bun:test";
import type { JsonObject } from "#core/json.ts";
import { lengthIn, passageIn } from "./citations.ts";
import { dialectOf } from "./list.ts";
import type { Citation, NeutralEvent, NeutralReply } from "./neutral.ts";
import { sampleClient } from "./sample-contexts.ts";
import { collectStream, decodeStream, encodeStream } from "./sample-streams.ts";

// A character of four bytes and two code units makes wrong units show.
const BEFORE = "🐈 sleeps. ";
const CITED = "Rome is old.";
const TEXT = `${BEFORE}${CITED} Yes.`;
const URL = "https://example.com/rome";

const GEMINI_REPLY: JsonObject = {
  candidates: [
    {
      content: { role: "model", parts: [{ text: TEXT }] },
      finishReason: "STOP",
      groundingMetadata: {
        groundingChunks: [{ web: { uri: URL, title: "Rome" } }],
        groundingSupports: [
          { segment: { startIndex: 13, endIndex: 25, text: CITED }, groundingChunkIndices: [0] },
        ],
      },
    },
  ],
};
const CHAT_REPLY: JsonObject = {
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: {
        role: "assistant",
        content: TEXT,
        annotations: [
          {
            type: "url_citation",
            url_citation: { start_index: 10, end_index: 22, url: URL, title: "Rome" },
          },
        ],
      },
    },
  ],
};
const ANTHROPIC_REPLY: JsonObject = {
  type: "message",
  role: "assistant",
  stop_reason: "end_turn",
  content: [
    { type: "text", text: BEFORE },
    {
      type: "text",
      text: CITED,
      citations: [
        {
          type: "web_search_result_location",
          url: URL,
          title: "Rome",
          cited_text: "Founded 753 BC.",
          encrypted_index: "aW5kZXg=",
        },
      ],
    },
    { type: "text", text: " Yes." },
  ],
};

const REPLIES = {
  "gemini-generate": GEMINI_REPLY,
  "openai-chat": CHAT_REPLY,
  "anthropic-messages": ANTHROPIC_REPLY,
} as const;
type Id = keyof typeof REPLIES;
const IDS = Object.keys(REPLIES) as Id[];
const PAIRS = IDS.flatMap((from) => IDS.filter((to) => to !== from).map((to) => ({ from, to })));

function translationOf(id: string) {
  const { translation } = dialectOf(id);
  if (translation === undefined) throw new Error(`${id} translates nothing.`);
  return translation;
}

/** Every cited passage as text, with its address. */
function citedPassages(reply: Pick<NeutralReply, "choices">): string[] {
  return (reply.choices[0]?.parts ?? []).flatMap((part) => {
    if (part.kind !== "text") return [];
    return (part.citations?.shared ?? []).map((citation) => {
      const { start, end } = passageIn(part.text, citation);
      const address = citation.source.kind === "web" ? citation.source.url : "";
      return `${part.text.slice(start, end)} <${address}>`;
    });
  });
}

const WANTED = [`${CITED} <${URL}>`];

describe("a citation", () => {
  test.each(PAIRS)("of $from is found by clients of $to, passage and address", ({ from, to }) => {
    const client = sampleClient({ dialect: to });
    const reply = translationOf(from).replyToNeutral(REPLIES[from]);
    expect(citedPassages(reply)).toEqual(WANTED);
    const written = translationOf(to).replyFromNeutral(reply, client);
    expect(citedPassages(translationOf(to).replyToNeutral(written))).toEqual(WANTED);
    expect(client.notices).toEqual([]);
  });

  test.each(PAIRS)("of $from is found in streams of $to by its address", ({ from, to }) => {
    const client = sampleClient({ dialect: to, stream: true });
    const reply = translationOf(from).replyToNeutral(REPLIES[from]);
    const text = encodeStream(translationOf(to), streamed(reply), client);
    const told = collectStream(decodeStream(translationOf(to), text));
    // A block of Anthropic's that has begun can only be cited as a whole.
    const passage = to === "anthropic-messages" ? TEXT : CITED;
    expect(citedPassages(told)).toEqual([`${passage} <${URL}>`].slice(0, 1));
  });

  test("that Sluice wrote is not given to Anthropic as one of its own", () => {
    const anthropic = translationOf("anthropic-messages");
    const reply = translationOf("openai-chat").replyToNeutral(CHAT_REPLY);
    const written = anthropic.replyFromNeutral(reply, sampleClient());
    expect(JSON.stringify(written)).toContain("web_search_result_location");
    const read = anthropic.replyToNeutral(written);
    const items = read.choices[0]?.parts.flatMap((part) =>
      part.kind === "text" ? (part.citations?.items ?? []) : [],
    );
    expect(items).toEqual([]);
  });

  test("of a document stays with its vendor, and its loss is told", () => {
    const client = sampleClient();
    const body: JsonObject = {
      type: "message",
      stop_reason: "end_turn",
      content: [
        {
          type: "text",
          text: "Yes.",
          citations: [{ type: "page_location", document_index: 0, cited_text: "Yes" }],
        },
      ],
    };
    const reply = translationOf("anthropic-messages").replyToNeutral(body);
    translationOf("openai-chat").replyFromNeutral(reply, client);
    expect(client.notices).toEqual(["dropped:citations"]);
  });

  test("is read off the list of sources that some vendors put beside the answer", () => {
    const body = {
      citations: [URL],
      search_results: [{ url: URL, title: "Rome" }],
      choices: [{ index: 0, finish_reason: "stop", message: { content: "Rome is old. [1]" } }],
    };
    const reply = translationOf("openai-chat").replyToNeutral(body);
    const written = translationOf("gemini-generate").replyFromNeutral(reply, sampleClient());
    expect(JSON.stringify(written)).toContain(`{"web":{"uri":"${URL}","title":"Rome"}}`);
  });
});

/** The reply as the events of a stream: one text, then its citations. */
function streamed(reply: NeutralReply): NeutralEvent[] {
  const events: NeutralEvent[] = [{ type: "message-started", id: "1", model: "m", createdAt: 1 }];
  const texts = (reply.choices[0]?.parts ?? []).filter((part) => part.kind === "text");
  const isOne = texts.length === 1;
  texts.forEach(({ text, citations }, index) => {
    const place = { choice: 0, index } as const;
    const isWhole = !isOne && citations !== undefined;
    events.push({ type: "part-started", ...place, start: { kind: "text" } });
    if (isWhole) events.push({ type: "part-state", ...place, citations });
    events.push({ type: "part-delta", ...place, text });
    if (!isWhole && citations) events.push({ type: "part-state", ...place, citations });
    events.push({ type: "part-ended", ...place });
  });
  events.push({ type: "choice-ended", choice: 0, stop: "end", vendorStop: "stop" });
  return [...events, { type: "message-ended" }];
}

describe("a passage", () => {
  const citation = (start: number, end: number, unit: "utf-8" | "code-points" | "utf-16") =>
    ({ source: { kind: "web", url: URL }, passage: { start, end, unit } }) satisfies Citation;

  test.each([
    [13, 25, "utf-8"],
    [10, 22, "code-points"],
    [11, 23, "utf-16"],
  ] as const)("from %d to %d in %s is the same stretch of text", (start, end, unit) => {
    const place = passageIn(TEXT, citation(start, end, unit));
    expect(TEXT.slice(place.start, place.end)).toBe(CITED);
    expect(lengthIn(TEXT.slice(0, place.start), unit)).toBe(start);
  });

  test("that lies outside of its text is all of it", () => {
    expect(passageIn("Short.", citation(40, 90, "utf-8"))).toEqual({ start: 0, end: 6 });
    expect(passageIn("Short.", citation(-5, -1, "utf-16"))).toEqual({ start: 0, end: 6 });
  });
});
