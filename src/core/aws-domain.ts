// Amazon's partitions have domains of their own (docs.aws.amazon.com, AWS partitions, 2026-11).

/** The domain of the services of a region. */
export function awsDomain(region: string): string {
  if (region.startsWith("cn-")) return "amazonaws.com.cn";
  return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
}
