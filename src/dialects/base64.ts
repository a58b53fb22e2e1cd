// Whether a text can be base64, in either alphabet, with or without its padding.

/** Lines are tolerated, because some encoders break them. */
const FORM = /^[A-Za-z0-9+/_\-\s]*={0,2}\s*$/;

/** True for what decodes to bytes; empty text is none. */
export function isBase64(text: string): boolean {
  if (text === "" || !FORM.test(text)) return false;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const isBroken = /\s/.test(text);
  const digits = isBroken ? text.replace(/[\s=]/g, "").length : text.length - padding;
  return digits % 4 !== 1;
}
