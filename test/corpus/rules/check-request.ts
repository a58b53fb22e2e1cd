// Judges a request by the published rules of the vendor that it goes to. The rules of a dialect join by
// a line in the table.

import type { z } from "zod";
import type { DialectId } from "#core/facts.ts";
import type { JsonObject } from "#core/json.ts";
import { anthropicMessagesOrder, anthropicMessagesRequest } from "./anthropic-messages.ts";
import { cohereChatOrder, cohereChatRequest } from "./cohere-chat.ts";
import { geminiGenerateOrder, geminiGenerateRequest } from "./gemini-generate.ts";
import { ollamaChatOrder, ollamaChatRequest } from "./ollama-chat.ts";
import { openaiChatOrder, openaiChatRequest } from "./openai-chat.ts";

interface Rules {
  readonly shape: z.ZodType;
  /** What the shape alone cannot say. */
  order(body: JsonObject): readonly string[];
}

const RULES: Readonly<Record<DialectId, Rules>> = {
  "openai-chat": { shape: openaiChatRequest, order: openaiChatOrder },
  "anthropic-messages": { shape: anthropicMessagesRequest, order: anthropicMessagesOrder },
  "gemini-generate": { shape: geminiGenerateRequest, order: geminiGenerateOrder },
  "cohere-chat": { shape: cohereChatRequest, order: cohereChatOrder },
  "ollama-chat": { shape: ollamaChatRequest, order: ollamaChatOrder },
};

/** True where there are rules to judge by. */
export function hasRules(dialect: DialectId): boolean {
  return RULES[dialect] !== undefined;
}

/** What the vendor would refuse, with the place of each fault. */
export function requestFaults(dialect: DialectId, body: JsonObject): string[] {
  const rules = RULES[dialect];
  if (rules === undefined) return [];
  const parsed = rules.shape.safeParse(body);
  const issues = parsed.success ? [] : parsed.error.issues.map(told);
  return [...issues, ...rules.order(body)];
}

/** The deepest cause of an issue: unions tell only that none of their forms fitted. */
function told(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".");
  if (issue.code !== "invalid_union") return `${path}: ${issue.message}`;
  const nested = issue.errors.flatMap((errors) => errors.map(told));
  return `${path}: one of ${nested.slice(0, 6).join(" | ")}`;
}
