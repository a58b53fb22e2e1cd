// Bedrock names formats where others name media types (vendor's API reference and SDK types, 2026-11).

const JPEG = "image/jpeg";

/** What a format stands for, by kind of block. The first format of a media type is the one written. */
const FORMATS = {
  image: { png: "image/png", jpeg: JPEG, gif: "image/gif", webp: "image/webp" },
  document: {
    pdf: "application/pdf",
    csv: "text/csv",
    doc: "application/msword",
    docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    xls: "application/vnd.ms-excel",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    html: "text/html",
    txt: "text/plain",
    md: "text/markdown",
  },
  video: {
    mp4: "video/mp4",
    mkv: "video/x-matroska",
    mov: "video/quicktime",
    webm: "video/webm",
    flv: "video/x-flv",
    mpeg: "video/mpeg",
    mpg: "video/mpg",
    wmv: "video/x-ms-wmv",
    three_gp: "video/3gpp",
  },
  audio: {
    mp3: "audio/mpeg",
    wav: "audio/wav",
    aac: "audio/aac",
    flac: "audio/flac",
    m4a: "audio/mp4",
    ogg: "audio/ogg",
    opus: "audio/opus",
    webm: "audio/webm",
    pcm: "audio/pcm",
    mka: "audio/x-matroska",
    mp4: "video/mp4",
    mkv: "video/x-matroska",
    mpeg: "audio/mpeg",
    mpga: "audio/mpga",
    "x-aac": "audio/x-aac",
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

/** Kinds of blocks that hold media. */
export type MediaKind = keyof typeof FORMATS;

/** Other names of the same types. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": JPEG,
  "audio/mp3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/x-m4a": "audio/mp4",
  "audio/m4a": "audio/mp4",
  "video/mov": "video/quicktime",
  "video/x-msvideo": "",
  "video/avi": "",
  "video/3gp": "video/3gpp",
  "text/x-markdown": "text/markdown",
  "application/csv": "text/csv",
};

/** The media type of a format; undefined when Bedrock has no such format. */
export function mediaTypeOf(kind: MediaKind, format: string): string | undefined {
  return Object.entries(FORMATS[kind]).find(([name]) => name === format)?.[1];
}

/** The format of a media type; undefined when blocks of this kind take no such type. */
export function formatOf(kind: MediaKind, mediaType: string): string | undefined {
  const plain = (mediaType.split(";")[0] ?? "").trim().toLowerCase();
  const wanted = ALIASES[plain] ?? plain;
  return Object.entries(FORMATS[kind]).find(([, type]) => type === wanted)?.[0];
}

/** True for types that are plain text and go as `txt` where they have no format of their own. */
export function isTextType(mediaType: string): boolean {
  return (
    mediaType.startsWith("text/") ||
    /^application\/(?:.+\+)?(?:json|xml|yaml|javascript)\b/.test(mediaType)
  );
}
