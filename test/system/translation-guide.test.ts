// The guide on translations says what is carried and what is refused: its tables are held to what happens.

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { GatewayError } from "#core/errors.ts";
import { translateRequest } from "#dialects/adapt/translate-request.ts";
import { dialectOf } from "#dialects/list.ts";
import type { HostedTool, NeutralRequest, Part } from "#dialects/neutral.ts";
import { sampleUpstream } from "#dialects/sample-contexts.ts";
import { CORNERS } from "#support/square-corners.ts";

const PAGE = readFileSync(resolve(import.meta.dir, "../../docs/guides/translation.md"), "utf8");
const COLUMNS: Readonly<Record<string, string>> = {
  Anthropic: "anthropic-messages",
  Gemini: "gemini-generate",
  Responses: "openai-responses",
  chat: "openai-chat",
};

const BASE64 = { from: "base64", data: "AAAA" } as const;
const MEDIA: Readonly<Record<string, Part>> = {
  "image by address": { kind: "image", source: { from: "url", url: "https://a.example/b.png" } },
  "PDF in base64": { kind: "file", source: { ...BASE64, mediaType: "application/pdf" } },
  "document by address": { kind: "file", source: { from: "url", url: "https://a.example/b.pdf" } },
  sound: { kind: "audio", source: { ...BASE64, mediaType: "audio/wav" } },
  video: { kind: "video", source: { ...BASE64, mediaType: "video/mp4" } },
  "a file stored at another vendor": {
    kind: "image",
    source: { from: "vendor-file", origin: "elsewhere", id: "file_1" },
  },
};
const TOOLS: Readonly<Record<string, HostedTool["does"]>> = {
  "search of the web": "web-search",
  "reading of pages": "web-fetch",
  "running of code": "code-execution",
  "search among tools": "tool-search",
};

type Cell = readonly [row: string, column: string, text: string];

/** The cells of the table behind a heading of the page. */
function cellsUnder(heading: string): Cell[] {
  const [, section = ""] = PAGE.split(`## ${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head = [], , ...body] = rows;
  return body.flatMap(([name = "", ...cells]) =>
    cells.map((text, index): Cell => [name, head[index + 1] ?? "", text]),
  );
}

function isRefused(column: string, given: Partial<NeutralRequest>): boolean {
  const id = COLUMNS[column] ?? "";
  const translation = dialectOf(id).translation;
  if (translation === undefined) throw new Error(`${id} translates nothing.`);
  const traits = CORNERS.get(id)?.traits ?? {};
  // A chat model that searches has it in its name.
  const upstream = sampleUpstream({ traits, model: "sample-search", stateOrigins: [id] });
  const request: NeutralRequest = {
    origin: "elsewhere",
    model: "asked",
    stream: false,
    instructions: [],
    turns: [{ role: "user", parts: [{ kind: "text", text: "Hi." }] }],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
  try {
    translateRequest(translation, request, upstream);
    return false;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "unsupported_feature") return true;
    throw error;
  }
}

describe("the guide on translations", () => {
  test.each(cellsUnder("Media"))("is right about media: %s for %s is %j", (row, column, text) => {
    const part = MEDIA[row];
    if (part === undefined) throw new Error(`No sample of "${row}".`);
    const turns = [{ role: "user", parts: [part] }] as const;
    expect(isRefused(column, { turns })).toBe(text === "refused");
  });

  test.each(cellsUnder("Tools that a vendor runs"))(
    "is right about tools: %s for %s is %j",
    (row, column, text) => {
      const does = TOOLS[row];
      if (does === undefined) throw new Error(`No sample of "${row}".`);
      const tool = { origin: "elsewhere", name: does, value: {}, hosted: { does } };
      expect(isRefused(column, { vendorTools: [tool] })).toBe(text === "refused");
    },
  );
});
