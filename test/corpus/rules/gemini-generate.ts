// What Gemini takes as a generateContent request (ai.google.dev/api/generate-content and js-genai,
// November 2026), as far as a request can be judged without a model.

import { z } from "zod";
import { asArray, asObject, asString, type JsonObject } from "#core/json.ts";

const signature = z.string().min(1).optional();
const mimeType = z.string().regex(/^[\w.+-]+\/[\w.+*-]+/);
const blob = z.strictObject({ mimeType, data: z.base64(), displayName: z.string().optional() });
const stored = z.strictObject({
  mimeType: mimeType.optional(),
  fileUri: z.string().regex(/^(files\/|gs:\/\/|https?:\/\/)/),
  displayName: z.string().optional(),
});
const name = z.string().regex(/^[A-Za-z_][\w.:-]{0,127}$/);
const identifier = z.string().min(1).optional();

const part = z.union([
  z.strictObject({
    text: z.string(),
    thought: z.boolean().optional(),
    thoughtSignature: signature,
  }),
  z.strictObject({ inlineData: blob, thoughtSignature: signature }),
  z.strictObject({ fileData: stored, thoughtSignature: signature }),
  z.strictObject({
    functionCall: z.strictObject({ id: identifier, name, args: z.looseObject({}) }),
    thoughtSignature: signature,
  }),
  z.strictObject({
    functionResponse: z.strictObject({
      id: identifier,
      name,
      response: z.looseObject({}),
      parts: z
        .array(
          z.union([z.strictObject({ inlineData: blob }), z.strictObject({ fileData: stored })]),
        )
        .min(1)
        .optional(),
    }),
  }),
]);

const declaration = z.strictObject({
  name,
  description: z.string().optional(),
  parameters: z.looseObject({}).optional(),
  parametersJsonSchema: z.looseObject({}).optional(),
});

export const geminiGenerateRequest = z.strictObject({
  contents: z
    .array(z.strictObject({ role: z.enum(["user", "model"]), parts: z.array(part).min(1) }))
    .min(1),
  systemInstruction: z
    .strictObject({ parts: z.array(z.strictObject({ text: z.string() })).min(1) })
    .optional(),
  tools: z
    .array(
      z.union([
        z.strictObject({ functionDeclarations: z.array(declaration).min(1) }),
        z.strictObject({ googleSearch: z.looseObject({}) }),
        z.strictObject({ codeExecution: z.strictObject({}) }),
        z.strictObject({ urlContext: z.strictObject({}) }),
      ]),
    )
    .min(1)
    .optional(),
  toolConfig: z
    .strictObject({
      functionCallingConfig: z
        .strictObject({
          mode: z.enum(["AUTO", "ANY", "NONE", "VALIDATED"]),
          allowedFunctionNames: z.array(name).min(1).optional(),
        })
        .optional(),
      includeServerSideToolInvocations: z.boolean().optional(),
    })
    .optional(),
  generationConfig: z
    .strictObject({
      maxOutputTokens: z.int().positive().optional(),
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.number().min(0).optional(),
      seed: z.int().optional(),
      presencePenalty: z.number().optional(),
      frequencyPenalty: z.number().optional(),
      candidateCount: z.int().positive().optional(),
      stopSequences: z.array(z.string().min(1)).min(1).max(5).optional(),
      responseMimeType: z.string().optional(),
      responseJsonSchema: z.looseObject({}).optional(),
      responseSchema: z.looseObject({}).optional(),
      responseLogprobs: z.boolean().optional(),
      logprobs: z.int().min(0).max(20).optional(),
      thinkingConfig: z
        .strictObject({
          thinkingBudget: z.int().min(-1).optional(),
          thinkingLevel: z.enum(["MINIMAL", "LOW", "MEDIUM", "HIGH"]).optional(),
          includeThoughts: z.boolean().optional(),
        })
        .optional(),
    })
    .optional(),
  serviceTier: z.enum(["standard", "flex", "priority"]).optional(),
});

/** The user begins, a turn has one role, and the results of a turn's calls stand in the one behind it. */
export function geminiGenerateOrder(body: JsonObject): string[] {
  const faults: string[] = [];
  let open: string[] = [];
  let before = "";
  asArray(body["contents"]).forEach((entry, index) => {
    const content = asObject(entry) ?? {};
    const at = `contents[${index}]`;
    const role = asString(content["role"]) ?? "";
    if (role === before) faults.push(`${at} is another ${role} content`);
    before = role;
    const parts = asArray(content["parts"]).map((each) => asObject(each) ?? {});
    const named = (key: string) =>
      parts.flatMap((each) => {
        const given = asObject(each[key]);
        return given === undefined ? [] : [asString(given["name"]) ?? ""];
      });
    const answered = named("functionResponse");
    if (open.join() !== answered.join() && (open.length > 0 || answered.length > 0)) {
      faults.push(`${at} answers ${answered.join(", ") || "nothing"} after ${open.join(", ")}`);
    }
    open = named("functionCall");
    if (role === "user" && open.length > 0) faults.push(`${at} calls as the user`);
    if (role === "model" && answered.length > 0) faults.push(`${at} answers as the model`);
  });
  if (open.length > 0) faults.push(`no results of ${open.join(", ")}`);
  return faults;
}
