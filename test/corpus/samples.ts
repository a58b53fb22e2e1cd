// Every recording of this machine's corpus that belongs to a dialect: requests, whole replies, streams.
// What belongs to none (embeddings, files, languages that the project does not speak) is counted as such.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DialectId } from "#core/facts.ts";
import { asObject, asString, type JsonObject } from "#core/json.ts";
import { hasCorpus } from "./recordings.ts";

/** A request as it was sent. */
export interface SampledRequest {
  /** Folder and file. */
  readonly name: string;
  readonly dialect: DialectId;
  readonly body: JsonObject;
  /** As path or body name it. */
  readonly model: string;
  readonly isStream: boolean;
  /** What the recorded vendor made of it. */
  readonly status: number;
}

/** A reply as it came: one JSON value, or the text of a stream. */
export interface SampledReply {
  readonly name: string;
  readonly dialect: DialectId;
  readonly status: number;
  readonly whole?: JsonObject;
  /** Server-sent events. */
  readonly stream?: string;
  /** A stream of another framing, as bytes. */
  readonly bytes?: Uint8Array;
}

/** The corpus, sorted by name. */
export interface Samples {
  readonly requests: readonly SampledRequest[];
  readonly replies: readonly SampledReply[];
  /** Files that belong to no dialect here. */
  readonly others: readonly string[];
}

const ROOT = process.env["SLUICE_CORPUS"] ?? "";

/** The dialect of each folder's endpoint. Folders end in the endpoint's name. */
const ENDPOINTS: readonly (readonly [ending: RegExp, dialect: DialectId])[] = [
  [/-chat$/, "openai-chat"],
  [/-responses$/, "openai-responses"],
  [/^anthropic-messages$/, "anthropic-messages"],
  [/-(?:stream-)?generate$/, "gemini-generate"],
  [/^bedrock-converse(?:-stream)?$/, "bedrock-converse"],
];

function dialectOfFolder(folder: string): DialectId | undefined {
  if (folder === "cohere-chat") return "cohere-chat";
  if (folder === "ollama-chat") return "ollama-chat";
  return ENDPOINTS.find(([ending]) => ending.test(folder))?.[1];
}

/** Reads the whole corpus; empty where this machine has none. */
export function loadSamples(): Samples {
  const requests: SampledRequest[] = [];
  const replies: SampledReply[] = [];
  const others: string[] = [];
  if (!hasCorpus) return { requests, replies, others };
  for (const name of filesIn("exchanges")) {
    const exchange = readExchange(name);
    if (exchange?.request) requests.push(exchange.request);
    if (exchange?.reply) replies.push(exchange.reply);
    if (exchange?.request === undefined && exchange?.reply === undefined) others.push(name);
  }
  for (const name of filesIn("replies")) {
    const found = readReplyFile(name);
    if (found.length === 0) others.push(name);
    else replies.push(...found);
  }
  return { requests, replies, others };
}

function filesIn(folder: string): string[] {
  const root = join(ROOT, folder);
  if (!existsSync(root)) return [];
  const groups = readdirSync(root).sort();
  return groups.flatMap((group) =>
    readdirSync(join(root, group))
      .sort()
      .map((file) => `${folder}/${group}/${file}`),
  );
}

interface Exchange {
  readonly request?: SampledRequest;
  readonly reply?: SampledReply;
}

function readExchange(name: string): Exchange | undefined {
  const dialect = dialectOfFolder(name.split("/")[1] ?? "");
  if (dialect === undefined) return undefined;
  const recorded = asObject(JSON.parse(readFileSync(join(ROOT, name), "utf8")));
  const request = asObject(recorded?.["request"]) ?? {};
  const response = asObject(recorded?.["response"]) ?? {};
  const body = asObject(asObject(request["body"])?.["json"]);
  const reply = asObject(response["body"]) ?? {};
  const status = Number(response["status"]);
  const path = asString(request["path"]) ?? "";
  const whole = asObject(reply["json"]);
  const stream = asString(reply["text"]);
  const bytes = asString(reply["base64"]);
  return {
    ...(body !== undefined && {
      request: { name, dialect, body, status, ...readTarget(path, body) },
    }),
    reply: {
      name,
      dialect,
      status,
      ...(whole !== undefined && { whole }),
      ...(stream !== undefined && { stream }),
      ...(bytes !== undefined && { bytes: new Uint8Array(Buffer.from(bytes, "base64")) }),
    },
  };
}

/** Google and Amazon name the model in the path. */
function readTarget(path: string, body: JsonObject): { model: string; isStream: boolean } {
  const google = /\/models\/(?<model>[^:/]+):(?<verb>\w+)/.exec(path)?.groups;
  if (google !== undefined) {
    return {
      model: google["model"] ?? "",
      isStream: google["verb"]?.startsWith("stream") === true,
    };
  }
  const amazon = /^\/model\/(?<model>[^/]+)\/(?<verb>[\w-]+)/.exec(path)?.groups;
  if (amazon !== undefined) {
    const model = decodeURIComponent(amazon["model"] ?? "");
    return { model, isStream: amazon["verb"]?.endsWith("-stream") === true };
  }
  return { model: String(body["model"]), isStream: body["stream"] === true };
}

function readReplyFile(name: string): SampledReply[] {
  const text = readFileSync(join(ROOT, name), "utf8");
  if (name.endsWith(".sse")) return ofLines(name, text, linesOfSse(text));
  if (name.endsWith(".chunks.txt")) return ofLines(name, undefined, text.split("\n"));
  const whole = asObject(JSON.parse(text));
  const dialect = whole === undefined ? undefined : dialectOfReply(whole);
  if (dialect === undefined || whole === undefined) return [];
  return [{ name, dialect, status: 200, whole }];
}

function linesOfSse(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.startsWith("data: {") ? [line.slice(6)] : []));
}

function ofLines(name: string, text: string | undefined, lines: readonly string[]): SampledReply[] {
  const events = lines
    .filter((line) => line.trim() !== "")
    .map((line) => asObject(JSON.parse(line)) ?? {});
  const dialect = dialectOfEvents(events);
  if (dialect === undefined) return [];
  if (text !== undefined) return [{ name, dialect, status: 200, stream: text }];
  const end = dialect === "openai-chat" ? "data: [DONE]\n\n" : "";
  return repliesIn(events).map((part, index) => ({
    name: index === 0 ? name : `${name}#${index + 1}`,
    dialect,
    status: 200,
    stream: part.map((event) => frameOf(dialect, event)).join("") + end,
  }));
}

const STARTS: ReadonlySet<unknown> = new Set(["response.created", "message_start"]);
const ENDS: ReadonlySet<unknown> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "message_stop",
]);

/** The streams of a file: some hold those of several steps, one behind the other. */
function repliesIn(events: readonly JsonObject[]): JsonObject[][] {
  const found: JsonObject[][] = [];
  let isOver = true;
  for (const event of events) {
    if (isOver && (found.length === 0 || STARTS.has(event["type"]))) found.push([]);
    found.at(-1)?.push(event);
    isOver = ENDS.has(event["type"]);
  }
  return found;
}

/** The files hold the data of events alone; the name of an event is that of its type. */
function frameOf(dialect: DialectId, event: JsonObject): string {
  if (dialect === "bedrock-converse") {
    const [[name, data] = ["", null]] = Object.entries(event);
    return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }
  const type = asString(event["type"]);
  const isNamed = dialect === "anthropic-messages" || dialect === "openai-responses";
  const named = isNamed && type !== undefined ? `event: ${type}\n` : "";
  return `${named}data: ${JSON.stringify(event)}\n\n`;
}

function dialectOfReply(reply: JsonObject): DialectId | undefined {
  if (Array.isArray(reply["choices"])) return "openai-chat";
  if (reply["type"] === "message" && Array.isArray(reply["content"])) return "anthropic-messages";
  if (Array.isArray(reply["candidates"])) return "gemini-generate";
  if (reply["object"] === "response") return "openai-responses";
  if (asObject(asObject(reply["output"])?.["message"]) !== undefined) return "bedrock-converse";
  const message = asObject(reply["message"]);
  return message !== undefined && reply["finish_reason"] !== undefined ? "cohere-chat" : undefined;
}

function dialectOfEvents(events: readonly JsonObject[]): DialectId | undefined {
  const [first = {}] = events;
  const type = asString(first["type"]) ?? "";
  if (events.some((event) => event["object"] === "text_completion")) return undefined;
  if (events.some((event) => Array.isArray(event["choices"]))) return "openai-chat";
  if (events.some((event) => Array.isArray(event["candidates"]))) return "gemini-generate";
  if (type === "message_start") return "anthropic-messages";
  if (type === "message-start") return "cohere-chat";
  if (events.some((event) => asString(event["type"])?.startsWith("response."))) {
    return "openai-responses";
  }
  const isAmazon = ["messageStart", "contentBlockStart", "contentBlockDelta"].some((key) =>
    events.some((event) => event[key] !== undefined),
  );
  return isAmazon ? "bedrock-converse" : undefined;
}
