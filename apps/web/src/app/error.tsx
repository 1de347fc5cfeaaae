'use client';

import { Button } from '../components/ui/button.tsx';

export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="grid min-h-[60dvh] place-content-center justify-items-center gap-6 px-4 text-center">
      <div role="alert" data-testid="error">
        <h1 className="text-2xl font-semibold tracking-tight">This page broke</h1>
        <p className="mt-2 max-w-[44ch] text-sm text-ink-soft text-balance">
          Your session and balance are as they were. Try again, or reload the page.
        </p>
        {error.digest && (
          <p className="mt-2 text-xs text-ink-faint">
            Reference <code className="font-mono select-all">{error.digest}</code>
          </p>
        )}
      </div>
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
    </main>
  );
}
