// What the demo provider takes for a token: a word with the white space before it.

/** Words are cut at this many letters, so that a text without spaces is more than one token. */
const LETTERS_A_TOKEN = 12;

const TOKEN = new RegExp(`\\s*\\S{1,${LETTERS_A_TOKEN}}|\\s+`, "gu");

/** The first tokens of a text, at most `limit`. All of them joined give the text again. */
export function tokensOf(text: string, limit: number): string[] {
  const tokens: string[] = [];
  for (const match of text.matchAll(TOKEN)) {
    if (tokens.length >= limit) break;
    tokens.push(match[0]);
  }
  return tokens;
}
