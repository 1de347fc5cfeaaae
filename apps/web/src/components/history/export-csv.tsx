'use client';

import { Download } from 'lucide-react';
import { toast } from 'sonner';
import { useMode } from '../frame/mode.tsx';
import { Button, buttonClasses } from '../ui/button.tsx';

const statement = '/api/hourly-usage/transactions?format=csv';
const fileName = 'hourly-transactions.csv';
const testExportLimitMs = 60_000;

/** The whole ledger as a file. */
export function ExportCsv() {
  const { mode } = useMode();
  const label = (
    <>
      <Download aria-hidden />
      <span className="max-sm:sr-only">Export CSV</span>
    </>
  );
  if (mode === 'live') {
    return (
      <a
        href={statement}
        download={fileName}
        data-testid="export-csv"
        className={buttonClasses({ look: 'quiet', size: 'small', className: '-mr-3' })}
      >
        {label}
      </a>
    );
  }
  return (
    <Button
      look="quiet"
      size="small"
      className="-mr-3"
      data-testid="export-csv"
      onClick={() => {
        downloadTestStatement().catch(() => toast.error('The export failed. Try again.'));
      }}
    >
      {label}
    </Button>
  );
}

/** A link can't say that it means the test account; a call can. */
async function downloadTestStatement(): Promise<void> {
  const response = await fetch(statement, {
    headers: { 'Hourly-Mode': 'test' },
    signal: AbortSignal.timeout(testExportLimitMs),
  });
  if (!response.ok) throw new Error(`The export answered ${response.status}.`);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
