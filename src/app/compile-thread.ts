// Entry of the thread that validates documents: YAML parser and schema library are loaded here alone.

import { answerRequests } from "#platform/worker-thread.ts";
import {
  type InvalidDocument,
  type ValidationOptions,
  validateDocument,
} from "#snapshot/validate-document.ts";
import { COMPILE_SETTINGS } from "./compile-settings.ts";
import { type DocumentParcel, packDocument } from "./document-parcel.ts";

/** One document to validate. */
export interface ValidationOrder
  extends Pick<ValidationOptions, "origin" | "nowMs" | "defaultStoragePath" | "startedWith"> {
  readonly text: string;
}

/** The valid document as plain data. */
export interface ValidParcel {
  readonly ok: true;
  readonly document: DocumentParcel;
  readonly hash: string;
  readonly publicText: string;
  readonly warnings: InvalidDocument["warnings"];
}

/** What comes back. */
export type ValidationAnswer = ValidParcel | InvalidDocument;

answerRequests((body): ValidationAnswer => {
  const { text, ...order } = body as ValidationOrder;
  const validation = validateDocument(text, { ...COMPILE_SETTINGS, ...order });
  return validation.ok
    ? { ...validation, document: packDocument(validation.document) }
    : validation;
});
