'use client';

import { ClerkProvider, SignIn } from '@clerk/nextjs';

/** Clerk's own sign-in form. */
export default function ClerkSignIn({ publishableKey }: { publishableKey: string }) {
  return (
    <ClerkProvider publishableKey={publishableKey}>
      <SignIn routing="path" path="/sign-in" fallbackRedirectUrl="/hourly-usage" />
    </ClerkProvider>
  );
}
