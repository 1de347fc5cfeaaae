'use client';

import { ClerkProvider, UserButton } from '@clerk/nextjs';

/** Clerk's account menu. Its provider also renews the short-lived sign-in that the API checks. */
export default function ClerkAccount({ publishableKey }: { publishableKey: string }) {
  return (
    <ClerkProvider publishableKey={publishableKey} afterSignOutUrl="/">
      <UserButton />
    </ClerkProvider>
  );
}
