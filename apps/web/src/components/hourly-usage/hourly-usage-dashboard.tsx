'use client';

import { useState } from 'react';
import { useFreshLists } from '../../hooks/use-fresh-lists.ts';
import { useStatus } from '../../hooks/use-status.ts';
import { failureOf } from '../../lib/failure.ts';
import { BalancePanel } from '../balance/balance-panel.tsx';
import { FailureNotice } from '../failure-notice.tsx';
import { GeneratePanel } from '../generate/generate-panel.tsx';
import { HistoryPanel } from '../history/history-panel.tsx';
import { SessionPanel } from '../session/session-panel.tsx';

/**
 * The customer's page: the session and its timer, the balance, the generator and the history.
 *
 * @param props.checkoutUrl the script of Razorpay's checkout
 */
export function HourlyUsageDashboard({ checkoutUrl }: { checkoutUrl: string }) {
  const { status, clock, error, refetch } = useStatus();
  const [topupOpen, setTopupOpen] = useState(false);
  useFreshLists(status);
  const openTopup = () => setTopupOpen(true);
  return (
    <>
      <h1 className="sr-only">Hourly usage</h1>
      {error && !status && (
        <FailureNotice failure={failureOf(error)} onRetry={() => void refetch()} className="mb-6" />
      )}
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-6">
        <SessionPanel status={status} clock={clock} onTopup={openTopup} />
        <BalancePanel
          status={status}
          checkoutUrl={checkoutUrl}
          topupOpen={topupOpen}
          onTopupOpenChange={setTopupOpen}
        />
      </div>
      <GeneratePanel status={status} onTopup={openTopup} />
      <HistoryPanel />
    </>
  );
}
