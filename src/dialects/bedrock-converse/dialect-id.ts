// The id of this dialect, which is also the origin of state that came in it.

/** Amazon Bedrock's Converse API. */
export const BEDROCK_CONVERSE = "bedrock-converse";
