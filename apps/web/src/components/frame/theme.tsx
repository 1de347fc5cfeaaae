'use client';

import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

/** Light or dark: the system's choice until the person makes one. */
export function Theme({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      {children}
    </ThemeProvider>
  );
}
