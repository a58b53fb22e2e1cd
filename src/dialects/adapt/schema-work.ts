// The schemas of one request on their way to a vendor: converted, what was lost reported, what has to be
// restored in the reply kept.

import { GatewayError } from "#core/errors.ts";
import { takes } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { SchemaLosses } from "#core/schema-loss.ts";
import type { Accepts } from "../accepts.ts";
import type { UpstreamContext } from "../dialect.ts";
import { type ConvertedSchema, convertSchema } from "../json-schema/convert.ts";
import { Effort } from "../json-schema/effort.ts";
import { KNOWN } from "../json-schema/keywords.ts";
import { restoringOf, type SchemaRestoring } from "../json-schema/restore.ts";
import type { Tool } from "../neutral.ts";

/** A record lists this many losses of a request. */
const MOST_LISTED = 64;

/** Converts the schemas of one request. */
export class SchemaWork {
  readonly losses: SchemaLosses[] = [];
  readonly effort = new Effort();
  readonly #toolArguments = new Map<string, SchemaRestoring>();
  #listed = 0;
  readonly #rules: Accepts;
  readonly #context: UpstreamContext;

  constructor(rules: Accepts, context: UpstreamContext) {
    this.#rules = rules;
    this.#context = context;
  }

  get mustRestore(): boolean {
    return this.#toolArguments.size > 0;
  }

  /** By the name of the tool as it is written. */
  get toolArguments(): Readonly<Record<string, SchemaRestoring>> {
    return Object.fromEntries(this.#toolArguments);
  }

  /** The tool with the schema that the vendor takes. */
  tool(tool: Tool, index: number): Tool {
    const of = `tools[${index}]`;
    const strict = tool.strict === true ? this.#strictTool(tool, of) : undefined;
    if (strict !== undefined) return strict;
    const { toolSchema } = this.#rules;
    const loose: Tool = tool.strict === true ? { ...tool, strict: false } : tool;
    const { parameters } = tool;
    if (toolSchema === undefined || parameters === undefined) return loose;
    const converted = this.#named(of, () => convertSchema(parameters, toolSchema, this.effort));
    this.#keep(tool.name, parameters, converted);
    this.report(of, converted);
    return { ...loose, parameters: converted.schema };
  }

  /** Undefined when the arguments cannot be held to the schema, which is then announced. */
  #strictTool(tool: Tool, of: string): Tool | undefined {
    if (!takes(this.#context.traits, "strict_tools")) {
      this.#context.notice("dropped", "strict");
      return undefined;
    }
    const { strictToolSchema } = this.#rules;
    const { parameters } = tool;
    if (strictToolSchema === undefined || parameters === undefined) return tool;
    const converted = attempt(() => convertSchema(parameters, strictToolSchema, this.effort));
    // Arguments that cannot be said any more are worse than some that are not held to the schema.
    if (converted === undefined || converted.isNarrowed) {
      this.#context.notice("dropped", "strict");
      return undefined;
    }
    this.report(of, converted);
    this.#keep(tool.name, parameters, converted);
    return { ...tool, parameters: converted.schema };
  }

  #keep(name: string, parameters: JsonObject, converted: ConvertedSchema): void {
    const restoring = restoringOf(parameters, converted);
    if (restoring !== undefined) this.#toolArguments.set(name, restoring);
  }

  /** One notice for each keyword, and the places for the record. */
  report(of: string, { losses, unlisted }: ConvertedSchema): void {
    if (losses.length === 0) return;
    // What a caller made up has no place in records, nor in the headers of its answer.
    const told = losses.map((loss) =>
      KNOWN.has(loss.keyword) ? loss : { ...loss, keyword: "other" },
    );
    const listed = told.slice(0, Math.max(0, MOST_LISTED - this.#listed));
    this.#listed += listed.length;
    if (this.losses.length < MOST_LISTED) {
      this.losses.push({ of, losses: listed, unlisted: unlisted + told.length - listed.length });
    }
    for (const { keyword } of told) this.#context.notice("dropped", `schema.${keyword}`);
  }

  /** A refusal says which schema it is about. */
  #named<Result>(of: string, work: () => Result): Result {
    try {
      return work();
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      throw new GatewayError(thrown.code, `${of}: ${thrown.message}`, { param: of });
    }
  }
}

/** Undefined when the vendor cannot be given such a schema. */
export function attempt(work: () => ConvertedSchema): ConvertedSchema | undefined {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}
