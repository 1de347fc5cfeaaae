'use client';

import { Printer } from 'lucide-react';
import { Button } from '../ui/button.tsx';

export function PrintButton() {
  return (
    <Button size="small" className="max-sm:hidden" onClick={() => window.print()}>
      <Printer aria-hidden />
      Print
    </Button>
  );
}
