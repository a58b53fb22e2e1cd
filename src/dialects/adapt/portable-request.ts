// A request without what only its own vendor knows, as far as others can be told the same: the vendor's
// blocks as text, its schemas for tools that the caller runs as functions.

import type { UpstreamContext } from "../dialect.ts";
import type {
  NeutralRequest,
  Part,
  TextPart,
  Tool,
  ToolResultPart,
  Turn,
  VendorPart,
  VendorTool,
} from "../neutral.ts";
import { orderedCalls } from "./conversation-calls.ts";

/** The request with everything said that can be; what cannot stays for the encoder to judge. */
export function portableRequest(request: NeutralRequest, context: UpstreamContext): NeutralRequest {
  const writer = new PortableParts(context);
  const portable = request.turns.some(hasVendorPart)
    ? request.turns.map((turn) => writer.turn(turn))
    : request.turns;
  const turns = orderedCalls(portable);
  const instructions = request.instructions.some((part) => part.kind === "vendor")
    ? request.instructions.flatMap((part) => (part.kind === "vendor" ? writer.vendor(part) : part))
    : request.instructions;
  return { ...request, instructions, turns, ...portableTools(request, context) };
}

function portableTools(
  { tools, vendorTools }: NeutralRequest,
  context: UpstreamContext,
): Pick<NeutralRequest, "tools" | "vendorTools"> {
  if (vendorTools.length === 0) return { tools, vendorTools };
  const functions: Tool[] = [];
  const others: VendorTool[] = [];
  for (const tool of vendorTools) {
    if (context.stateOrigins.has(tool.origin)) others.push(tool);
    else if (tool.asFunction !== undefined) {
      context.notice("emulated", tool.name);
      functions.push(tool.asFunction);
    } else if (tool.hosted?.does === "tool-search") {
      // It spares the model the tools that it does not need; without it all are in sight at once.
      context.notice("dropped", tool.name);
    } else others.push(tool);
  }
  return { tools: [...tools, ...functions], vendorTools: others };
}

function hasVendorPart({ parts }: Turn): boolean {
  return parts.some((part) => {
    if (part.kind === "vendor") return true;
    return part.kind === "tool-result" && part.content.some(({ kind }) => kind === "vendor");
  });
}

class PortableParts {
  readonly #context: UpstreamContext;

  constructor(context: UpstreamContext) {
    this.#context = context;
  }

  turn(turn: Turn): Turn {
    return { ...turn, parts: turn.parts.flatMap((part) => this.#part(part)) };
  }

  #part(part: Part): readonly Part[] {
    if (part.kind === "vendor") return this.vendor(part);
    if (part.kind !== "tool-result") return [part];
    const content = part.content.flatMap((item): ToolResultPart["content"] =>
      item.kind === "vendor" ? this.vendor(item) : [item],
    );
    return [{ ...part, content }];
  }

  vendor(part: VendorPart): (TextPart | VendorPart)[] {
    const { instead } = part;
    if (instead === undefined || this.#context.stateOrigins.has(part.origin)) return [part];
    this.#context.notice(instead === "" ? "dropped" : "converted", part.name);
    if (instead === "") return [];
    return [
      { kind: "text", text: instead, ...(part.cache !== undefined && { cache: part.cache }) },
    ];
  }
}
