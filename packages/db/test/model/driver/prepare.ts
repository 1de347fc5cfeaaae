import type { Act } from './acts/act.ts';
import { cancelBoth, finishBoth, generateBoth } from './acts/generations.ts';
import { adjustBoth, payBoth, topupBoth } from './acts/money.ts';
import { readBoth } from './acts/reads.ts';
import { refundBoth, reportDisputeBoth, reportRefundBoth } from './acts/refunds.ts';
import { endBoth, startBoth, toggleBoth } from './acts/sessions.ts';
import type { Command } from './commands.ts';
import type { Actor, Run } from './run.ts';

/** A call of one account with an input of its own. */
export type Preparable = Exclude<Command, { do: 'tick' | 'again' | 'advance' | 'reprice' }>;

/** Fixes the input of a call; null when there is nothing that it could act on. */
export function prepare(run: Run, actor: Actor, command: Preparable): Act | null {
  switch (command.do) {
    case 'start':
      return startBoth(run, actor, command);
    case 'toggle':
      return toggleBoth(run, actor, command);
    case 'end':
      return endBoth(run, actor, command);
    case 'generate':
      return generateBoth(run, actor, command);
    case 'finish':
      return finishBoth(run, actor, command);
    case 'cancel':
      return cancelBoth(run, actor, command);
    case 'topup':
      return topupBoth(run, actor, command);
    case 'pay':
      return payBoth(run, actor, command);
    case 'adjust':
      return adjustBoth(run, actor, command);
    case 'refund':
      return refundBoth(run, actor, command);
    case 'reportRefund':
      return reportRefundBoth(run, actor, command);
    case 'dispute':
      return reportDisputeBoth(run, actor, command);
    case 'read':
      return readBoth(run, actor, command);
  }
}
