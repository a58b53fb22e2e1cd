// Errors of vendors, recorded and made up, in every place of a reply: each comes out as the right class,
// in the form of the client's dialect, and its own words are kept.

import { describe, expect, test } from "bun:test";
import type { GatewayError } from "#core/errors.ts";
import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from "#core/json.ts";
import type { NeutralEvent } from "#dialects/neutral.ts";
import { sampleClient } from "#dialects/sample-contexts.ts";
import { decodeStream, encodeStream } from "#dialects/sample-streams.ts";
import type { Exchange } from "#gateway/exchange.ts";
import { failureOfFault, failureOfStatus } from "#gateway/upstream/attempt-failure.ts";
import { finalError } from "#gateway/upstream/final-error.ts";
import { CORNERS, type Corner } from "./corners.ts";
import {
  BODIES,
  type ExpectedError,
  MESSAGE,
  STATUSES,
  STREAM_CODES,
  STREAM_ERRORS,
  UNDERSTOOD,
} from "./made-up-errors.ts";
import { hasCorpus, NO_CORPUS } from "./recordings.ts";
import { loadSamples } from "./samples.ts";
import { EQUAL, type Outcome, Tally } from "./tally.ts";

const { replies } = loadSamples();
if (!hasCorpus) console.warn(NO_CORPUS);

const CLIENTS = CORNERS.filter(({ isSpokenByClients }) => isSpokenByClients);

interface Told {
  readonly status: number;
  readonly body: Json | undefined;
}

describe("made-up errors of upstreams", () => {
  test("by status are of the right class in every dialect", () => {
    const tally = new Tally("errors by status");
    for (const from of CORNERS) {
      for (const [status, expected] of STATUSES) {
        for (const [vendor, bodyOf] of Object.entries(BODIES)) {
          const told = { status, body: bodyOf(status) };
          const words = UNDERSTOOD.has(vendor) && hasWords(from, vendor) ? MESSAGE : undefined;
          for (const to of CLIENTS) {
            const outcome = judge(from, to, { told, expected, words });
            tally.add(`${from.id} -> ${to.id}`, `${status} of ${vendor}`, outcome);
          }
        }
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.sum.total).toBeGreaterThanOrEqual(120);
  });

  test("inside of a stream are told by the decoder, wherever they stand", () => {
    const tally = new Tally("errors in streams");
    for (const from of CORNERS) {
      const errors = Object.entries(STREAM_ERRORS[from.id] ?? {});
      for (const [kind, error] of errors) {
        for (const position of ["first", "after the start", "after content"] as const) {
          const outcome = judgeStream(from, { kind, error, position });
          tally.add(from.id, `${kind}, ${position}`, outcome);
        }
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
  });

  test("end a client's stream in its own form and never as a clean end", () => {
    for (const to of CLIENTS) {
      const begun = encodeStream(to.translation, BEGUN, sampleClient({ stream: true }));
      const failure = failureOfFault({ status: 503, code: "x", message: MESSAGE }, 200);
      const error = finalError(NO_ATTEMPTS, failure);
      const text = begun + to.dialect.faultFrames(error, "req_1", "sse", true);
      expect(decodeStream(to.translation, text).at(-1)).toMatchObject({ type: "faulted" });
      expect(text).not.toMatch(/\[DONE\]|message_stop|"finish_?[rR]eason":"|response\.completed/);
    }
  });
});

describe.skipIf(!hasCorpus)("recorded errors", () => {
  test("are of the right class in every dialect, in the vendor's own words", () => {
    const tally = new Tally("errors");
    for (const from of CORNERS) {
      for (const reply of replies.filter(({ dialect }) => dialect === from.id)) {
        const { status, whole, stream } = reply;
        const expected = STATUSES.get(status);
        if (status < 400 || expected === undefined) continue;
        const body = whole ?? parsed(stream);
        const words = body === undefined ? undefined : messageIn(body);
        for (const to of CLIENTS) {
          const outcome = judge(from, to, { told: { status, body }, expected, words });
          tally.add(`${from.id} -> ${to.id}`, reply.name, outcome);
        }
      }
    }
    console.log(tally.report());
    expect(tally.failures).toEqual([]);
    expect(tally.belowFloor).toEqual([]);
  });
});

// The exchange is only asked for its attempts.
const NO_ATTEMPTS = { attempts: [] } as unknown as Exchange;

/** Google's lists and Anthropic's form are not read by everybody; the class is right all the same. */
function hasWords(from: Corner, vendor: string): boolean {
  const own: Readonly<Record<string, string>> = {
    "openai-chat": "openai",
    "openai-responses": "openai",
    "anthropic-messages": "anthropic",
    "gemini-generate": "google",
  };
  return own[from.id] === vendor;
}

function judge(
  from: Corner,
  to: Corner,
  given: { told: Told; expected: ExpectedError; words: string | undefined },
): Outcome {
  const { told, expected, words } = given;
  const bytes = new TextEncoder().encode(
    told.body === undefined ? "<html>Bad gateway</html>" : JSON.stringify(told.body),
  );
  const reply = { status: told.status, headers: new Headers(), body: { bytes, isWhole: true } };
  const failure = failureOfStatus(reply, from.dialect, { isSameDialect: false, nowMs: 0 });
  const error = finalError(NO_ATTEMPTS, failure);
  const written = to.dialect.fault(error, "req_1");
  const faults = [
    ...formFaults(to, error, written),
    ...(error.code === expected.code ? [] : [`code ${error.code} for ${expected.code}`]),
    ...(error.status === expected.status ? [] : [`status ${error.status}`]),
    ...(words === undefined || error.message.includes(words) ? [] : [`says ${error.message}`]),
  ];
  return faults.length === 0 ? EQUAL : { kind: "failed", why: faults.join("; ") };
}

/** The vendor's own list (docs.claude.com/en/api/errors, November 2026). */
const ANTHROPIC_TYPES =
  /^((invalid_request|authentication|billing|permission|not_found|rate_limit|timeout|api|overloaded)_error|request_too_large)$/;

/** The forms of the contract, section 7. */
function formFaults(to: Corner, error: GatewayError, body: JsonObject): string[] {
  const inner = asObject(body["error"]) ?? {};
  const message = asString(inner["message"]) ?? "";
  const faults = message === "" ? ["no message"] : [];
  switch (to.id) {
    case "openai-chat":
    case "openai-responses": {
      const members = ["message", "type", "param", "code", "details"];
      const missing = members.filter((name) => !(name in inner));
      return [...faults, ...missing.map((name) => `no ${name}`)];
    }
    case "anthropic-messages":
      return [
        ...faults,
        ...(body["type"] === "error" ? [] : ["no error by its type"]),
        ...(ANTHROPIC_TYPES.test(String(inner["type"])) ? [] : [`type ${inner["type"]}`]),
        ...(inner["code"] === error.code ? [] : ["no code"]),
        ...(body["request_id"] === "req_1" ? [] : ["no request id"]),
      ];
    case "gemini-generate": {
      const info = asObject(asArray(inner["details"])[0]) ?? {};
      return [
        ...faults,
        ...(asNumber(inner["code"]) === error.status ? [] : [`code ${inner["code"]}`]),
        ...(/^[A-Z_]+$/.test(String(inner["status"])) ? [] : [`status ${inner["status"]}`]),
        ...(info["reason"] === error.code && info["domain"] === "sluice" ? [] : ["no ErrorInfo"]),
      ];
    }
    default:
      return [...faults, "no form is known"];
  }
}

const START: NeutralEvent = { type: "message-started", id: "1", model: "m", createdAt: 1 };
const BEGUN: readonly NeutralEvent[] = [
  START,
  { type: "part-started", choice: 0, index: 0, start: { kind: "text" } },
  { type: "part-delta", choice: 0, index: 0, text: "It is" },
];

function judgeStream(
  from: Corner,
  given: {
    kind: string;
    error: JsonObject;
    position: "first" | "after the start" | "after content";
  },
): Outcome {
  const { kind, error, position } = given;
  const before = position === "after content" ? BEGUN : position === "first" ? [] : [START];
  const begun = encodeStream(from.translation, before, sampleClient({ stream: true }));
  const name = asString(error["type"]);
  const frame = `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(error)}\n\n`;
  const events = decodeStream(from.translation, begun + frame);
  const last = events.at(-1);
  if (last?.type !== "faulted") return { kind: "failed", why: `ended with ${last?.type}` };
  const { code } = finalError(NO_ATTEMPTS, failureOfFault(last.fault, 200));
  const expected = STREAM_CODES[kind as keyof typeof STREAM_CODES];
  const isTold = last.fault.message.includes(MESSAGE);
  if (code === expected && isTold) return EQUAL;
  return { kind: "failed", why: `${code} for ${expected}: ${last.fault.message}` };
}

function messageIn(body: Json): string | undefined {
  const outer = asObject(body) ?? asObject(asArray(body)[0]) ?? {};
  return asString((asObject(outer["error"]) ?? outer)["message"]);
}

function parsed(text: string | undefined): Json | undefined {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
