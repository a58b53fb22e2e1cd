// What belongs to a login, found again after a document was applied anew that says the same of it: a reload
// must not fetch every token once more.

import { createHash } from "node:crypto";
import { type Login, secretsOfLogin } from "#core/login.ts";

/** Logins come and go with documents; the ones that were made first are forgotten. */
const MOST_LOGINS = 256;

/** One value a login. */
export class ByLogin<Kind extends Login, Value> {
  /** A snapshot's logins never change, so that most look-ups end here. */
  readonly #byLogin = new WeakMap<Kind, Value>();
  readonly #byContent = new Map<string, Value>();

  /** The value of this login or of one that says the same, else a new one. */
  get(login: Kind, make: () => Value): Value {
    const known = this.#byLogin.get(login);
    if (known !== undefined) return known;
    const content = contentOf(login);
    const value = this.#byContent.get(content) ?? make();
    this.#byLogin.set(login, value);
    this.#byContent.set(content, value);
    if (this.#byContent.size > MOST_LOGINS) this.#forgetOne();
    return value;
  }

  #forgetOne(): void {
    const [oldest] = this.#byContent.keys();
    if (oldest !== undefined) this.#byContent.delete(oldest);
  }
}

/** A hash of everything that it says, its secrets included. */
function contentOf(login: Login): string {
  const said = JSON.stringify([login, secretsOfLogin(login)]);
  return createHash("sha256").update(said).digest("base64");
}
