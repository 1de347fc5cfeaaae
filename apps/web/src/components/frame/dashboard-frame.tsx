'use client';

import type { Mode } from '@hourly/sdk/react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ClerkAccountGate } from '../clerk/clerk-gate.tsx';
import { Toaster } from '../ui/toaster.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Logo } from './logo.tsx';
import { ModeProvider } from './mode.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { Nav } from './nav.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { TestClockBar } from './test-clock-bar.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

type DashboardFrameProps = {
  user: { userId: string; name: string };
  /** Sees the way to the operator's page. */
  isOperator: boolean;
  initialMode: Mode;
  /** Null where sign-in is the demo's. */
  clerkPublishableKey: string | null;
  signOut: () => Promise<void>;
  children: ReactNode;
};

/** What every signed-in page stands in. */
export function DashboardFrame(props: DashboardFrameProps) {
  const { user, isOperator, initialMode, clerkPublishableKey, signOut, children } = props;
  return (
    <ModeProvider initial={initialMode}>
      <a
        href="#content"
        className="sr-only z-50 rounded-lg bg-action px-4 py-2 text-sm text-on-action focus:not-sr-only focus:fixed focus:top-3 focus:left-3"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-b bg-canvas/85 backdrop-blur-md">
        <div className="mx-auto flex h-14 max-w-6xl items-center gap-2 px-4 sm:gap-6 sm:px-6">
          <Link href="/" aria-label="Hourly" className="flex rounded-md">
            <Logo className="max-sm:[&>span]:hidden" />
          </Link>
          <Nav isOperator={isOperator} />
          <div className="ml-auto flex items-center gap-2 sm:gap-3">
            <ModeSwitch />
            <ThemeToggle />
            {clerkPublishableKey ? (
              <ClerkAccountGate publishableKey={clerkPublishableKey} />
            ) : (
              <AccountMenu {...user} signOut={signOut} />
            )}
          </div>
        </div>
      </header>
      <OfflineBanner />
      <TestClockBar />
      <main id="content" className="mx-auto max-w-6xl px-4 py-6 sm:px-6 sm:py-10">
        {children}
      </main>
      <Toaster />
    </ModeProvider>
  );
}
