// A wish for an answer of a certain shape, made into what the vendor has for it, or into a tool or an
// instruction where it has nothing. What the vendor does not hold the answer to is held to it afterwards.

import { GatewayError } from "#core/errors.ts";
import { supportOf, takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { Accepts } from "../accepts.ts";
import type { UpstreamContext } from "../dialect.ts";
import { type ConvertedSchema, convertSchema } from "../json-schema/convert.ts";
import { ANY_SCHEMA, PLAIN_TOOL } from "../json-schema/profiles.ts";
import { restoringOf, type SchemaRestoring } from "../json-schema/restore.ts";
import type { NeutralRequest, ResponseFormat, TextPart } from "../neutral.ts";
import type { AnswerPlan } from "./restoring.ts";
import { attempt, type SchemaWork } from "./schema-work.ts";

type SchemaFormat = Extract<ResponseFormat, { kind: "schema" }>;

/** A request that asks for the shape in the vendor's way. */
export interface PlannedAnswer {
  readonly request: NeutralRequest;
  /** Undefined when the vendor holds the answer to all of it. */
  readonly plan: AnswerPlan | undefined;
}

/** Name of the tool that stands in. It is offered only where the caller offers none. */
const ANSWER_TOOL = "answer";
const ANY_OBJECT: JsonObject = Object.freeze({ type: "object" });

/** @throws GatewayError `unsupported_feature` when the model is known to have no such answers */
export function planAnswer(
  request: NeutralRequest,
  rules: Accepts,
  context: UpstreamContext,
  work: SchemaWork,
): PlannedAnswer {
  const format = request.responseFormat;
  if (format === undefined) return { request, plan: undefined };
  const feature = format.kind === "json" ? "json_mode" : "json_schema";
  if (supportOf(context.traits, feature) === "none") throw refusal(context.model);
  if (!takes(context.traits, feature)) return emulated(request, format, context, work);
  if (format.kind === "json") return { request, plan: undefined };
  return native(request, format, { rules, context, work });
}

/** The vendor's own control, unless its schemas cannot say what the caller's does. */
function native(
  request: NeutralRequest,
  format: SchemaFormat,
  { rules, context, work }: { rules: Accepts; context: UpstreamContext; work: SchemaWork },
): PlannedAnswer {
  const { answerSchema, hasLooseAnswers } = rules;
  const { schema } = format;
  // Whoever asks such a vendor for less than a promise gets what it makes of the schema as it is.
  const isLoose = hasLooseAnswers === true && format.strict !== true;
  if (answerSchema === undefined || isLoose) return { request, plan: undefined };
  const converted = attempt(() => convertSchema(schema, answerSchema, work.effort));
  if (converted === undefined || converted.isNarrowed)
    return emulated(request, format, context, work);
  work.report("response_format", converted);
  const restoring = restoringOf(schema, converted);
  const responseFormat = { ...format, schema: converted.schema };
  const mustCheck = converted.isWidened && format.strict !== false;
  if (restoring === undefined && !mustCheck) {
    return { request: { ...request, responseFormat }, plan: undefined };
  }
  return {
    request: { ...request, responseFormat },
    plan: {
      schema,
      carrier: "text",
      toolName: "",
      isEmulated: false,
      ...(restoring !== undefined && { restoring }),
    },
  };
}

function emulated(
  request: NeutralRequest,
  format: ResponseFormat,
  context: UpstreamContext,
  work: SchemaWork,
): PlannedAnswer {
  const { responseFormat: _, ...rest } = request;
  if (format.kind === "json") {
    context.notice("emulated", "json_mode");
    const told = withInstruction(rest, "Answer with one JSON object and nothing else.");
    return { request: told, plan: planOf(ANY_OBJECT, "text", undefined) };
  }
  context.notice("emulated", "json_schema");
  const { schema } = format;
  const wrapped = convertSchema(schema, { ...PLAIN_TOOL, root: "wrapped" }, work.effort);
  const restoring = restoringOf(schema, wrapped);
  if (mayForceTool(request, context)) {
    return {
      request: withAnswerTool(rest, format, wrapped.schema),
      plan: planOf(schema, "tool", restoring),
    };
  }
  if (takes(context.traits, "json_mode")) {
    const told = withInstruction(rest, instructionFor(wrapped));
    const request = { ...told, responseFormat: { kind: "json" } } as const;
    return { request, plan: planOf(schema, "text", restoring) };
  }
  const plain = convertSchema(schema, ANY_SCHEMA, work.effort);
  return {
    request: withInstruction(rest, instructionFor(plain)),
    plan: planOf(schema, "text", undefined),
  };
}

function planOf(
  schema: JsonObject,
  carrier: AnswerPlan["carrier"],
  restoring: SchemaRestoring | undefined,
): AnswerPlan {
  const toolName = carrier === "tool" ? ANSWER_TOOL : "";
  return {
    schema,
    carrier,
    toolName,
    isEmulated: true,
    ...(restoring !== undefined && { restoring }),
  };
}

/** A forced call leaves no room for the caller's own tools, and thinking by budget refuses it. */
function mayForceTool(request: NeutralRequest, { traits }: UpstreamContext): boolean {
  if (request.tools.length + request.vendorTools.length > 0) return false;
  // What JSON mode holds to JSON needs no tool.
  if (takes(traits, "json_mode")) return false;
  const isThinking = request.reasoning !== undefined && traits.reasoning === "budget";
  return !isThinking && takes(traits, "tools") && takes(traits, "forced_tool_choice");
}

function withAnswerTool(
  request: Omit<NeutralRequest, "responseFormat">,
  format: SchemaFormat,
  parameters: JsonObject,
): NeutralRequest {
  const description = format.description ?? "Gives the answer. Call it once, with all of it.";
  return {
    ...request,
    tools: [{ name: ANSWER_TOOL, description, parameters }],
    toolChoice: { mode: "named", name: ANSWER_TOOL },
  };
}

function instructionFor({ schema }: ConvertedSchema): string {
  return `Answer with one JSON value that is valid by this JSON schema, without any other text before or behind it:\n${JSON.stringify(schema)}`;
}

/** At the end, so that what stands before it may come from the vendor's cache. */
function withInstruction(
  request: Omit<NeutralRequest, "responseFormat">,
  text: string,
): NeutralRequest {
  const part: TextPart = { kind: "text", text };
  return { ...request, instructions: [...request.instructions, part] };
}

function refusal(model: string): GatewayError {
  return new GatewayError(
    "unsupported_feature",
    `The model ${JSON.stringify(model)} cannot hold its answer to a shape. Ask for another model.`,
    { param: "response_format" },
  );
}
