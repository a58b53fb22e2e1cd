// What a vendor takes for a name or an id, as data.

/** Which names or ids a vendor takes. */
export interface NameRule {
  /** Matches one permitted character. */
  readonly character: RegExp;
  /** Matches a permitted first character, where that is narrower. */
  readonly first?: RegExp;
  readonly maxLength: number;
  /** Names are exactly `maxLength` long (Mistral's call ids). */
  readonly isExact?: boolean;
}
