'use client';

import { Card } from '../ui/card.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../ui/tabs.tsx';
import { ExportCsv } from './export-csv.tsx';
import { SessionsTable } from './sessions-table.tsx';
import { TopupsTable } from './topups-table.tsx';
import { TransactionsTable } from './transactions-table.tsx';
import { UsageChart } from './usage-chart.tsx';

/** What happened to the account: sessions, every row of its ledger, and its top-ups. */
export function HistoryPanel() {
  return (
    <Card aria-labelledby="history-heading" className="mt-4 p-5 sm:p-8 lg:mt-6">
      <h2 id="history-heading" className="text-lg font-semibold tracking-tight">
        History
      </h2>
      <UsageChart />
      <Tabs defaultValue="sessions" className="mt-6">
        <div className="flex items-center justify-between gap-4 border-b">
          <TabsList aria-label="History">
            <TabsTrigger value="sessions" data-testid="tab-sessions">
              Sessions
            </TabsTrigger>
            <TabsTrigger value="transactions" data-testid="tab-transactions">
              Transactions
            </TabsTrigger>
            <TabsTrigger value="topups" data-testid="tab-topups">
              Top-ups
            </TabsTrigger>
          </TabsList>
          <ExportCsv />
        </div>
        <TabsContent value="sessions">
          <SessionsTable />
        </TabsContent>
        <TabsContent value="transactions">
          <TransactionsTable />
        </TabsContent>
        <TabsContent value="topups">
          <TopupsTable />
        </TabsContent>
      </Tabs>
    </Card>
  );
}
