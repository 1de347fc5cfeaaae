import { z } from 'zod';
import { type Cli, defineCommand } from './command.ts';
import { catalogChecks } from './doctor/catalog-checks.ts';
import type { Check } from './doctor/check.ts';
import { dataChecks } from './doctor/data-checks.ts';
import { migrationChecks } from './doctor/migration-checks.ts';
import { providerChecks } from './doctor/provider-checks.ts';
import { sealChecks } from './doctor/seal-checks.ts';
import { oneLine } from './one-line.ts';

interface Finding {
  check: string;
  status: 'ok' | 'attention' | 'failed';
  detail: string;
}

export const doctor = defineCommand({
  name: 'doctor',
  usage: '',
  summary: 'checks the database, its rules, and the ways to Razorpay and RunPod',
  input: z.object({}),
  async run(cli) {
    const findings: Finding[] = [];
    for (const check of [
      ...dataChecks,
      ...sealChecks,
      ...catalogChecks,
      ...migrationChecks,
      ...providerChecks,
    ]) {
      const finding = await find(check, cli);
      findings.push(finding);
      cli.say(`${finding.status.padEnd(9)}  ${finding.check}: ${finding.detail}`);
      // Whatever asks the database would only say so again.
      if (check.stopsWhenFailed && finding.status === 'failed') break;
    }
    const count = (status: Finding['status']) =>
      findings.filter((finding) => finding.status === status).length;
    const failed = count('failed');
    return {
      text: summaryOf(failed, count('attention'), findings.length),
      json: { ok: failed === 0, findings },
      failed: failed > 0,
    };
  },
});

function summaryOf(failed: number, attention: number, all: number): string {
  if (failed > 0) return `${failed} of ${all} checks failed`;
  return attention > 0 ? `nothing failed, ${attention} of ${all} want attention` : 'all is well';
}

async function find(check: Check, cli: Cli): Promise<Finding> {
  try {
    const { attention, detail } = await check.look(cli);
    return { check: check.name, status: attention ? 'attention' : 'ok', detail };
  } catch (error) {
    return { check: check.name, status: 'failed', detail: oneLine(error) };
  }
}
