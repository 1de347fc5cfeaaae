import fs from 'node:fs';

/** How many tests passed and failed. */
export type Counts = {
  passed: number;
  failed: number;
  /** Tests that could not run here. */
  skipped?: number;
  /** Faults that tests injected on purpose, by their kind. */
  faults?: Record<string, number>;
};

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  testResults: { status: string; assertionResults: VitestResult[] }[];
};

type VitestResult = { status: string; meta?: { faults?: Record<string, number> } };

type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number };
};

/**
 * The counts in vitest's JSON report. A file that fails without a failed test of its own (it can't
 * be loaded, its setup fails) counts as one.
 */
export function readVitest(file: string): Counts {
  const report = read<VitestReport>(file);
  if (report === undefined) return { passed: 0, failed: 0 };
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests,
    faults: sumFaults(report.testResults.flatMap((file) => file.assertionResults)),
  };
}

/** Tests tell what they broke in their `task.meta.faults`. */
function sumFaults(results: readonly VitestResult[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { meta } of results) {
    for (const [kind, times] of Object.entries(meta?.faults ?? {})) {
      sums[kind] = (sums[kind] ?? 0) + times;
    }
  }
  return sums;
}

/** The counts in Playwright's JSON report; a test that passed at the second try has passed. */
export function readPlaywright(file: string): Counts {
  const report = read<PlaywrightReport>(file);
  if (report === undefined) return { passed: 0, failed: 0 };
  const { expected, unexpected, flaky } = report.stats;
  return { passed: expected + flaky, failed: unexpected };
}

/** @returns undefined when the runner ended before it could write a report */
function read<Report>(file: string): Report | undefined {
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Report;
}
