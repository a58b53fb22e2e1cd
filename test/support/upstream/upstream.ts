// The scripted upstream for tests: everything that a test needs of it.

export { type AnswerSpec, answerSpec, type PartialAnswer } from "./answers/answer-spec.ts";
export { type Frame, frame } from "./answers/frame.ts";
export { vendorError } from "./answers/vendor-error.ts";
export type { Behaviour } from "./behaviour.ts";
export { answer, type Delivery, frames } from "./behaviours/answer.ts";
export { type AwsSigner, wantsBearer, wantsSignature } from "./behaviours/authorised.ts";
export * from "./behaviours/failures.ts";
export { hugeErrorBody, hugeEvent, longStream } from "./behaviours/floods.ts";
export { pingsThenAnswer } from "./behaviours/patience.ts";
export { type RecordedReply, replay } from "./behaviours/replay.ts";
export * from "./behaviours/token-services.ts";
export { tokensOfText, type VectorSpec, vectorOfText, vectors } from "./behaviours/vectors.ts";
export { closedGate, type Gate } from "./gate.ts";
export type { RecordedRequest } from "./recorded-request.ts";
export type { ExchangeEnd } from "./reply-writer.ts";
export { ANY_MODEL, startUpstream, type Upstream } from "./server.ts";
