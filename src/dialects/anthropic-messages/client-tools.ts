// Tools that Anthropic only knows the schema of: the caller runs them. Other models can call them as
// functions when they are told that schema (vendor's documentation of the tools, 2026-11).

import type { JsonObject } from "#core/json.ts";
import type { Tool } from "../neutral.ts";

interface ClientTool {
  readonly type: RegExp;
  readonly description: string;
  readonly properties: JsonObject;
  readonly required: readonly string[];
}

const PATH = { type: "string", description: "Absolute path of a file or folder." };
const TEXT = { type: "string" };
const RANGE = {
  type: "array",
  items: { type: "integer" },
  description: "For view: first and last line, counted from 1; -1 is the end of the file.",
};

function commands(...names: string[]): JsonObject {
  return { type: "string", enum: names, description: "What to do." };
}

const EDITING: JsonObject = {
  path: PATH,
  view_range: RANGE,
  file_text: { ...TEXT, description: "For create: the whole text of the file." },
  old_str: { ...TEXT, description: "For str_replace: text that stands exactly once in the file." },
  new_str: { ...TEXT, description: "For str_replace: the text in its place." },
  insert_line: { type: "integer", description: "For insert: the line behind which, 0 = in front." },
  insert_text: { ...TEXT, description: "For insert: the text." },
};

const CLIENT_TOOLS: readonly ClientTool[] = [
  {
    type: /^bash_\d{8}$/,
    description: "Runs a command in a bash session that stays open between calls.",
    properties: {
      command: { ...TEXT, description: "The command." },
      restart: { type: "boolean", description: "True: begins a new session instead." },
    },
    required: [],
  },
  {
    type: /^text_editor_\d{8}$/,
    description: "Shows, creates and edits text files.",
    properties: { command: commands("view", "create", "str_replace", "insert"), ...EDITING },
    required: ["command", "path"],
  },
  {
    type: /^memory_\d{8}$/,
    description:
      "Keeps notes between conversations as files under /memories. Look there before a task, and write down what will be needed again.",
    properties: {
      command: commands("view", "create", "str_replace", "insert", "delete", "rename"),
      ...EDITING,
      old_path: { ...PATH, description: "For rename: the path as it is." },
      new_path: { ...PATH, description: "For rename: the path as it shall be." },
    },
    required: ["command"],
  },
];

/** The function that stands for a tool of this type; undefined when it is none of them. */
export function clientTool(type: string, name: string): Tool | undefined {
  const known = CLIENT_TOOLS.find((tool) => tool.type.test(type));
  if (known === undefined) return undefined;
  const { description, properties, required } = known;
  return { name, description, parameters: { type: "object", properties, required: [...required] } };
}
