import type { ReceiptDocument } from '@hourly/contract';
import { ArrowLeft, Download } from 'lucide-react';
import Link from 'next/link';
import { buttonClasses } from '../ui/button.tsx';
import { PrintButton } from './print-button.tsx';
import { ReceiptSheet } from './receipt-sheet.tsx';

/** A receipt with what can be done with it. Printed, only the sheet is left. */
export function ReceiptPage({ document, pdf }: { document: ReceiptDocument; pdf: string }) {
  return (
    <div className="mx-auto max-w-3xl">
      <div className="mb-4 flex items-center gap-2 print:hidden">
        <Link
          href="/hourly-usage"
          className={buttonClasses({ look: 'quiet', size: 'small', className: '-ml-3' })}
        >
          <ArrowLeft aria-hidden />
          Usage
        </Link>
        <div className="ml-auto flex gap-2">
          <PrintButton />
          <a
            href={pdf}
            download={`${document.fileName}.pdf`}
            data-testid="receipt-download"
            className={buttonClasses({ look: 'primary', size: 'small' })}
          >
            <Download aria-hidden />
            Download PDF
          </a>
        </div>
      </div>
      <ReceiptSheet document={document} />
    </div>
  );
}
