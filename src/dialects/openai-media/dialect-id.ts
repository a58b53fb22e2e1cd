// The dialect's own name.

/** Id of OpenAI's images and audio. */
export const OPENAI_MEDIA = "openai-media";
