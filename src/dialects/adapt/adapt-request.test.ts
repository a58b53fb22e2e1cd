// Requests adapted to a vendor's names, ids and schemas, and their replies restored: whole and streamed.

import { describe, expect, test } from "bun:test";
import type { GatewayError } from "#core/errors.ts";
import { all, type Capabilities } from "#core/features.ts";
import type { JsonObject } from "#core/json.ts";
import type { Accepts } from "../accepts.ts";
import { EventCollector, eventsOf } from "../collect-events.ts";
import { ANTHROPIC_ANSWER, OPENAI_STRICT_TOOL, PLAIN_TOOL } from "../json-schema/profiles.ts";
import type { NeutralReply, NeutralRequest, Part, StopReason } from "../neutral.ts";
import { sampleUpstream } from "../sample-contexts.ts";
import { adaptRequest } from "./adapt-request.ts";
import { CALL_IDS_OF_9, NAMES_OF_64 } from "./name-rules.ts";
import { findAnswer, withAnswers } from "./read-answer.ts";
import { EventRestorer, restoreReply } from "./restore-reply.ts";
import type { AnswerPlan, Restoring } from "./restoring.ts";

const ACCEPTS: Accepts = {
  toolNames: NAMES_OF_64,
  callIds: CALL_IDS_OF_9,
  toolSchema: PLAIN_TOOL,
  strictToolSchema: OPENAI_STRICT_TOOL,
  answerSchema: ANTHROPIC_ANSWER,
};
const OPTIONAL: JsonObject = {
  type: "object",
  properties: { path: { type: "string" }, depth: { type: "integer" } },
  required: ["path"],
};

function request(given: Partial<NeutralRequest> = {}): NeutralRequest {
  return {
    origin: "elsewhere",
    model: "m",
    stream: false,
    instructions: [],
    turns: [{ role: "user", parts: [{ kind: "text", text: "Hello." }] }],
    tools: [],
    vendorTools: [],
    sampling: {},
    extras: new Map(),
    ...given,
  };
}

function adapt(
  given: Partial<NeutralRequest>,
  model: Capabilities = {},
  accepts: Accepts = ACCEPTS,
) {
  const context = sampleUpstream({ traits: model });
  const { request: adapted, adaptation } = adaptRequest(request(given), accepts, context);
  return { adapted, adaptation, restoring: adaptation?.restoring, notices: context.notices };
}

function reply(parts: readonly Part[], stop: StopReason = "end"): NeutralReply {
  const choices = [{ index: 0, parts, stop, vendorStop: "" }];
  return { origin: "up", id: "r", model: "m", createdAt: 0, choices, usage: undefined };
}

function call(name: string, argumentsJson: string): Part {
  return { kind: "tool-call", id: "call_1", name, argumentsJson };
}

/** The same reply, told event by event, restored on the way. */
function streamed(given: NeutralReply, restoring: Restoring): NeutralReply {
  const restorer = new EventRestorer(restoring);
  const collector = new EventCollector();
  for (const event of eventsOf(given)) {
    for (const restored of restorer.restore([event])) collector.add(restored);
  }
  return collector.reply(given.origin);
}

describe("a request that needs nothing", () => {
  test("goes as it is, with nothing to restore", () => {
    const given = { tools: [{ name: "weather", parameters: OPTIONAL }] };
    const { adapted, adaptation, notices } = adapt(given);
    expect(adapted.tools).toEqual([{ name: "weather", parameters: OPTIONAL }]);
    expect(adaptation).toBeUndefined();
    expect(notices).toEqual([]);
  });
});

describe("names and ids", () => {
  const tools = [{ name: "files.read" }, { name: "files_read" }, { name: "files_read" }];
  const turns = [
    { role: "assistant", parts: [call("files.read", "{}")] },
    {
      role: "user",
      parts: [
        { kind: "tool-result", callId: "call_1", name: "files.read", content: [], isError: false },
      ],
    },
  ] as const;

  test("fit everywhere in the request, and the same call and result still meet", () => {
    const toolChoice = { mode: "named", name: "files.read" } as const;
    const { adapted, notices } = adapt({ tools, turns, toolChoice });
    const [first, second, third] = adapted.tools.map(({ name }) => name);
    expect(second).toBe("files_read");
    expect(new Set([first, second, third]).size).toBe(3);
    expect(adapted.toolChoice).toEqual({ mode: "named", name: first ?? "" });
    const [made] = adapted.turns[0]?.parts ?? [];
    const [result] = adapted.turns[1]?.parts ?? [];
    if (made?.kind !== "tool-call" || result?.kind !== "tool-result") throw new Error("lost");
    expect(made.id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(result.callId).toBe(made.id);
    expect([made.name, result.name]).toEqual([first ?? "", first ?? ""]);
    expect(notices).toEqual(["converted:tool_names"]);
  });

  test("come back as the caller wrote them, whole and streamed", () => {
    const { adapted, restoring } = adapt({ tools });
    if (restoring === undefined) throw new Error("There is something to restore.");
    const given = reply(adapted.tools.map(({ name }) => call(name, "{}")));
    const names = (restored: NeutralReply) =>
      restored.choices[0]?.parts.map((part) => part.kind === "tool-call" && part.name);
    const expected = ["files.read", "files_read", "files_read"];
    expect(names(restoreReply(given, restoring))).toEqual(expected);
    expect(names(streamed(given, restoring))).toEqual(expected);
  });
});

describe("strict tools", () => {
  const tools = [{ name: "read", parameters: OPTIONAL, strict: true }];

  test("get the vendor's schema, and their arguments the caller's shape again", () => {
    const { adapted, restoring } = adapt({ tools });
    expect(adapted.tools[0]?.parameters?.["required"]).toEqual(["path", "depth"]);
    if (restoring === undefined) throw new Error("There is something to restore.");
    const given = reply([call("read", '{"path":"a","depth":null}')], "tool_call");
    const expected = [call("read", '{"path":"a"}')];
    expect(restoreReply(given, restoring).choices[0]?.parts).toEqual(expected);
    expect(streamed(given, restoring).choices[0]?.parts).toEqual(expected);
  });

  test("may be called what objects inherit", () => {
    const odd = { name: "__proto__", parameters: OPTIONAL, strict: true };
    const { restoring } = adapt({ tools: [odd] });
    const given = reply([call("__proto__", '{"path":"a","depth":null}')], "tool_call");
    const [part] = (restoring && restoreReply(given, restoring).choices[0]?.parts) ?? [];
    expect(part?.kind === "tool-call" && part.argumentsJson).toBe('{"path":"a"}');
  });

  test("are strict no more where the vendor or its schemas cannot be, which is told", () => {
    const none = adapt({ tools }, { features: all("none", "strict_tools") });
    expect(none.adapted.tools[0]).toEqual({ name: "read", parameters: OPTIONAL, strict: false });
    expect(none.notices).toEqual(["dropped:strict"]);
    const map = { type: "object", additionalProperties: { type: "string" } };
    const open = adapt({ tools: [{ name: "read", parameters: map, strict: true }] });
    expect(open.adapted.tools[0]).toEqual({ name: "read", parameters: map, strict: false });
    expect(open.notices).toEqual(["dropped:strict"]);
  });

  test("report what is lost of their schemas by place", () => {
    const limited = { type: "object", properties: { a: { type: "string", minLength: 2 } } };
    const { adaptation, notices } = adapt({
      tools: [{ name: "read", parameters: limited, strict: true }],
    });
    expect(adaptation?.losses).toEqual([
      {
        of: "tools[0]",
        losses: [{ place: "properties[0]", keyword: "minLength", effect: "widened" }],
        unlisted: 0,
      },
    ]);
    expect(notices).toEqual(["dropped:schema.minLength"]);
  });

  test("never put a caller's word into a notice", () => {
    const odd = { type: "object", "x-secret word": 1, properties: {} };
    const { notices } = adapt({ tools: [{ name: "read", parameters: odd, strict: true }] });
    expect(notices).toEqual(["dropped:schema.other"]);
  });
});

describe("an answer of a shape", () => {
  const format = { kind: "schema", name: "city", schema: OPTIONAL, strict: true } as const;

  function planned(given: Partial<NeutralRequest>, model: Capabilities): AnswerPlan {
    const plan = adapt({ responseFormat: format, ...given }, model).restoring?.answer;
    if (plan === undefined) throw new Error("There is no plan.");
    return plan;
  }

  test("is the vendor's to hold where it takes the whole schema", () => {
    const { adapted, adaptation } = adapt({
      responseFormat: { ...format, schema: { ...OPTIONAL, additionalProperties: false } },
    });
    expect(adapted.responseFormat?.kind).toBe("schema");
    expect(adaptation).toBeUndefined();
  });

  test("is left to a vendor that makes no promise unasked, where none was asked for", () => {
    const { strict: _, ...loose } = { ...format, schema: { type: "object", minProperties: 2 } };
    const accepts: Accepts = { ...ACCEPTS, hasLooseAnswers: true };
    const { adapted, adaptation } = adapt({ responseFormat: loose }, {}, accepts);
    expect(adapted.responseFormat).toEqual(loose);
    expect(adaptation).toBeUndefined();
  });

  test("is checked where the vendor holds less than the schema says", () => {
    const schema = { ...OPTIONAL, minProperties: 2 };
    const { restoring, notices } = adapt({ responseFormat: { ...format, schema } });
    expect(restoring?.answer).toMatchObject({ schema, carrier: "text", isEmulated: false });
    expect(notices).toEqual(["dropped:schema.minProperties"]);
  });

  test("comes as a forced call where there is nothing else", () => {
    const { adapted, notices } = adapt(
      { responseFormat: format },
      { features: all("emulated", "json_schema", "json_mode") },
    );
    expect(adapted.responseFormat).toBeUndefined();
    expect(adapted.toolChoice).toEqual({ mode: "named", name: "answer" });
    expect(adapted.tools.map(({ name }) => name)).toEqual(["answer"]);
    expect(notices).toEqual(["emulated:json_schema"]);
  });

  test.each([
    ["the caller's own tools are there", { tools: [{ name: "read" }] }, all("none", "json_mode")],
    ["there are no tools", {}, all("none", "tools", "json_mode")],
    ["calls cannot be forced", {}, all("none", "forced_tool_choice", "json_mode")],
    ["there may be a JSON mode", {}, {}],
  ])("is asked for in words where %s", (_what, given, features) => {
    const plan = planned(given, {
      features: { ...all("emulated", "json_schema"), ...features },
    });
    expect(plan.carrier).toBe("text");
  });

  test("is stood in for where the vendor's schemas cannot say it", () => {
    const map = { type: "object", additionalProperties: { type: "string" } };
    const { notices } = adapt({ responseFormat: { ...format, schema: map } });
    expect(notices).toEqual(["emulated:json_schema"]);
  });

  test("is refused where the operator says that there is none", () => {
    const asks = () => adapt({ responseFormat: format }, { features: all("none", "json_schema") });
    expect(asks).toThrow("cannot hold its answer to a shape");
    try {
      asks();
    } catch (error) {
      expect((error as GatewayError).code).toBe("unsupported_feature");
    }
  });

  test("is found in a call, a text, a fence or a sentence, and becomes the text", () => {
    const model: Capabilities = { features: all("emulated", "json_schema", "json_mode") };
    const plan = planned({}, model);
    const json = '{"path":"a"}';
    const carriers: [Part, StopReason][] = [
      [call("answer", json), "tool_call"],
      [{ kind: "text", text: json }, "end"],
      [{ kind: "text", text: `Sure:\n\`\`\`json\n${json}\n\`\`\`` }, "end"],
      [{ kind: "text", text: `Here it is: ${json} Enjoy!` }, "end"],
    ];
    for (const [part, stop] of carriers) {
      const thought: Part = { kind: "reasoning", text: "Hm.", redacted: false };
      const restored = withAnswers(reply([thought, part], stop), plan).choices[0];
      expect(restored?.parts).toEqual([thought, { kind: "text", text: json }]);
      expect(restored?.stop).toBe("end");
    }
  });

  test("is not looked for in a call of the caller's tools, nor checked when it was cut", () => {
    const plan = planned(
      { tools: [{ name: "read" }] },
      { features: all("emulated", "json_schema") },
    );
    const calling = reply([call("read", "{}")], "tool_call").choices[0];
    expect(calling && findAnswer(calling, plan)).toBeUndefined();
    const cut = reply([{ kind: "text", text: '{"pa' }], "max_tokens").choices[0];
    expect(cut && findAnswer(cut, plan)).toEqual({ text: '{"pa', mustBeChecked: false });
  });
});
