import { adjust } from './adjust.ts';
import { audit } from './audit.ts';
import { balance } from './balance.ts';
import type { Command } from './command.ts';
import { compare } from './compare.ts';
import { doctor } from './doctor.ts';
import { explain } from './explain.ts';
import { keysCreate } from './keys-create.ts';
import { keysRevoke } from './keys-revoke.ts';
import { reconcile } from './reconcile.ts';
import { refund } from './refund.ts';
import { replayWebhook } from './replay-webhook.ts';
import { seal } from './seal.ts';
import { sealsHeads } from './seals-heads.ts';
import { sessionEnd } from './session-end.ts';
import { settle } from './settle.ts';
import { statement } from './statement.ts';
import { unmatched } from './unmatched.ts';
import { verify } from './verify-statement.ts';

/** Every command of the operator's, in the order in which help shows them. */
export const commands: readonly Command[] = [
  keysCreate,
  keysRevoke,
  balance,
  adjust,
  explain,
  statement,
  verify,
  sessionEnd,
  settle,
  refund,
  reconcile,
  compare,
  unmatched,
  replayWebhook,
  audit,
  seal,
  sealsHeads,
  doctor,
];

export function helpText(): string {
  const lines = commands.map((command): [string, string] => [
    `${command.name} ${command.usage}`.trim(),
    command.summary,
  ]);
  lines.push(['help', 'shows this']);
  const width = Math.max(...lines.map(([call]) => call.length));
  return [
    'npm run -s hourly -- <command> [--json]',
    '',
    ...lines.map(([call, summary]) => `  ${call.padEnd(width)}  ${summary}`),
    '',
    'Commands with --yes only show what they would do until it is given.',
    'Exit codes: 0 done, 1 failed or found something wrong, 2 not a command.',
  ].join('\n');
}
