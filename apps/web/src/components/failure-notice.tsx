'use client';

import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import { cn } from '../lib/cn.ts';
import type { Failure } from '../lib/failure.ts';
import { Button, buttonClasses } from './ui/button.tsx';

type FailureNoticeProps = {
  failure: Failure | null;
  /** Does the same thing again, with the same idempotency key. */
  onRetry?: (() => void) | undefined;
  onTopup?: () => void;
  className?: string;
};

/** Says where it happened what went wrong, what it means for the money, and what can be done. */
export function FailureNotice({ failure, onRetry, onTopup, className }: FailureNoticeProps) {
  if (!failure) return null;
  return (
    <div
      role="alert"
      data-testid="error"
      className={cn('flex gap-3 rounded-xl bg-halt-wash px-4 py-3 text-sm', className)}
    >
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-halt-ink" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-halt-ink">{failure.title}</p>
        <p className="mt-0.5 text-ink-soft text-pretty">{failure.text}</p>
        {failure.requestId && (
          <p className="mt-1.5 text-xs text-ink-faint">
            Request{' '}
            <code className="font-mono break-all select-all" data-testid="request-id">
              {failure.requestId}
            </code>
          </p>
        )}
        <div className="mt-3 empty:hidden">
          {failure.wayOn === 'retry' && onRetry && (
            <Button size="small" onClick={onRetry}>
              Try again
            </Button>
          )}
          {failure.wayOn === 'topup' && onTopup && (
            <Button size="small" onClick={onTopup}>
              Top up
            </Button>
          )}
          {failure.wayOn === 'sign_in' && (
            <Link href="/sign-in" className={buttonClasses({ size: 'small' })}>
              Sign in
            </Link>
          )}
        </div>
      </div>
    </div>
  );
}
