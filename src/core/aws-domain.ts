// Amazon's partitions have domains of their own (docs.aws.amazon.com, AWS partitions, 2026-11).

/** Beginnings of regions outside of the commercial partition, with the domain of their services. */
const DOMAINS: readonly (readonly [string, string])[] = [
  ["cn-", "amazonaws.com.cn"],
  ["eusc-", "amazonaws.eu"],
  ["us-isob-", "sc2s.sgov.gov"],
  ["us-isof-", "csp.hci.ic.gov"],
  ["us-iso-", "c2s.ic.gov"],
  ["eu-isoe-", "cloud.adc-e.uk"],
];

/** The domain of the services of a region. */
export function awsDomain(region: string): string {
  return DOMAINS.find(([start]) => region.startsWith(start))?.[1] ?? "amazonaws.com";
}
