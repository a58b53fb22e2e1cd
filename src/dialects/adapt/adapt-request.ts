// A neutral request made to fit what one vendor takes of names, ids and schemas, before its encoder sees
// it. Everything that was changed is in the restoring plan, in a notice, or both.

import type { Accepts } from "../accepts.ts";
import type { UpstreamContext } from "../dialect.ts";
import { FittingNames } from "../fitting-names.ts";
import type { NeutralRequest, Part, Tool, ToolChoice, Turn } from "../neutral.ts";
import { planAnswer } from "./plan-answer.ts";
import type { Adaptation, Restoring } from "./restoring.ts";
import { SchemaWork } from "./schema-work.ts";

/** A request as the encoder gets it. */
export interface AdaptedRequest {
  readonly request: NeutralRequest;
  /** Undefined when nothing was lost and nothing has to be restored. */
  readonly adaptation: Adaptation | undefined;
}

/**
 * Adapts a request to the dialect's rules, and to the vendor's own where it has other ones.
 * @param accepts of the dialect that the request is written in
 * @throws GatewayError `unsupported_feature` when a schema cannot be said at all
 */
export function adaptRequest(
  given: NeutralRequest,
  accepts: Accepts | undefined,
  context: UpstreamContext,
): AdaptedRequest {
  const rules: Accepts = { ...accepts, ...context.traits.accepts };
  const work = new SchemaWork(rules, context);
  const { request, plan } = planAnswer(given, rules, context, work);
  const names = new FittingNames(rules.toolNames, toolNamesOf(request));
  const ids = new FittingNames(rules.callIds, callIdsOf(request.turns));
  const tools = adaptTools(request, names, work);
  const toolNames = Object.fromEntries(names.changed);
  const restoring: Restoring = {
    toolNames,
    toolArguments: work.toolArguments,
    ...(plan !== undefined && { answer: plan }),
  };
  const mustRename = Object.keys(toolNames).length > 0;
  const turns =
    mustRename || request.turns.some((turn) => turn.parts.some((part) => isChanged(part, ids)))
      ? request.turns.map((turn) => renamedTurn(turn, names, ids))
      : request.turns;
  if (mustRename) context.notice("converted", "tool_names");
  const { toolChoice } = request;
  return {
    request: {
      ...request,
      turns,
      tools,
      ...(toolChoice !== undefined && { toolChoice: renamedChoice(toolChoice, names) }),
    },
    adaptation: adaptationOf(
      mustRename || work.mustRestore || plan !== undefined ? restoring : undefined,
      work,
    ),
  };
}

function adaptationOf(
  restoring: Restoring | undefined,
  { losses }: SchemaWork,
): Adaptation | undefined {
  if (restoring !== undefined) return { restoring, losses };
  return losses.length === 0 ? undefined : { losses };
}

function adaptTools(request: NeutralRequest, names: FittingNames, work: SchemaWork): Tool[] {
  const seen = new Set<string>();
  return request.tools.map((tool, index) => {
    const name = seen.has(tool.name) ? names.another(tool.name) : names.of(tool.name);
    seen.add(tool.name);
    return work.tool({ ...tool, name }, index);
  });
}

function* toolNamesOf(request: NeutralRequest): Iterable<string> {
  for (const tool of request.tools) yield tool.name;
  for (const tool of request.vendorTools) yield tool.name;
}

function* callIdsOf(turns: readonly Turn[]): Iterable<string> {
  for (const { parts } of turns) {
    for (const part of parts) if (part.kind === "tool-call") yield part.id;
  }
}

function isChanged(part: Part, ids: FittingNames): boolean {
  if (part.kind === "tool-call") return ids.of(part.id) !== part.id;
  return part.kind === "tool-result" && ids.of(part.callId) !== part.callId;
}

function renamedTurn(turn: Turn, names: FittingNames, ids: FittingNames): Turn {
  const parts = turn.parts.map((part): Part => {
    if (part.kind === "tool-call") {
      return { ...part, id: ids.of(part.id), name: names.of(part.name) };
    }
    if (part.kind !== "tool-result") return part;
    const name = part.name === "" ? "" : names.of(part.name);
    return { ...part, callId: ids.of(part.callId), name };
  });
  return { ...turn, parts };
}

function renamedChoice(choice: ToolChoice, names: FittingNames): ToolChoice {
  if (choice.mode === "named") return { ...choice, name: names.of(choice.name) };
  if (choice.mode !== "allowed") return choice;
  return { ...choice, names: choice.names.map((name) => names.of(name)) };
}
