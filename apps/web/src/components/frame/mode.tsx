'use client';

import { HourlyProvider, type Mode } from '@hourly/sdk/react';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { modeCookie } from '../../lib/mode-cookie.ts';

type ModeChoice = { mode: Mode; setMode: (mode: Mode) => void };

const ModeContext = createContext<ModeChoice>({ mode: 'live', setMode: () => {} });

/** Which of the customer's two accounts this browser shows, and how to change it. */
export const useMode = (): ModeChoice => useContext(ModeContext);

/** Connects everything below it to the account of the chosen mode, and keeps the choice for the next visit. */
export function ModeProvider({ initial, children }: { initial: Mode; children: ReactNode }) {
  const [mode, setModeState] = useState(initial);
  const setMode = (next: Mode) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140
    document.cookie = `${modeCookie}=${next}; path=/; max-age=31536000; samesite=lax`;
    setModeState(next);
  };
  return (
    <ModeContext value={{ mode, setMode }}>
      <HourlyProvider key={mode} mode={mode}>
        {children}
      </HourlyProvider>
    </ModeContext>
  );
}
