'use client';

import dynamic from 'next/dynamic';
import { Skeleton } from '../ui/skeleton.tsx';

/*
 * Clerk is loaded in the browser alone and only where one of these is rendered, so that an installation without
 * Clerk's keys never downloads or runs any of it.
 */
export const ClerkAccountGate = dynamic(() => import('./clerk-account.tsx'), {
  ssr: false,
  loading: () => <Skeleton className="size-8 rounded-full" />,
});

export const ClerkSignInGate = dynamic(() => import('./clerk-sign-in.tsx'), {
  ssr: false,
  loading: () => <Skeleton className="h-96 w-full max-w-sm rounded-2xl" />,
});
