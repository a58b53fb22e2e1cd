// Times of log lines. Most lines share their second with the one before.

/**
 * Makes a writer of times.
 * @returns a function from milliseconds since the epoch to RFC 3339 with milliseconds, in UTC
 */
export function logTimes(): (nowMs: number) => string {
  let second = Number.NaN;
  let upToPoint = "";
  return (nowMs) => {
    const present = Math.floor(nowMs / 1000);
    if (present !== second) {
      second = present;
      upToPoint = new Date(present * 1000).toISOString().slice(0, -4);
    }
    const rest = Math.floor(nowMs - present * 1000);
    return `${upToPoint}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
  };
}
