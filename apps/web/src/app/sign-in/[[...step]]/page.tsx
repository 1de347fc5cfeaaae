import { ArrowRight } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { ClerkSignInGate } from '../../../components/clerk/clerk-gate.tsx';
import { Logo } from '../../../components/frame/logo.tsx';
import { currentUser } from '../../../server/auth/current-user.ts';
import { type DemoCustomer, demoCustomers, demoEnabled } from '../../../server/auth/demo.ts';
import { webEnv } from '../../../server/env.ts';
import { signIn } from '../actions.ts';

export const metadata: Metadata = { title: 'Sign in' };

const about: Record<string, string> = {
  demo_studio: 'A small team with a few hours a week',
  demo_agency: 'Many pictures, long sessions',
  demo_hobbyist: 'An hour now and then',
  demo_operator: 'Runs the place: sees payments that went astray',
};

export default async function SignInPage() {
  if (await currentUser()) redirect('/hourly-usage');
  const { clerkPublishableKey } = webEnv();
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <div className="flex w-full max-w-sm flex-col items-center gap-8">
        <Link href="/" className="rounded-md">
          <Logo />
        </Link>
        {clerkPublishableKey ? (
          <ClerkSignInGate publishableKey={clerkPublishableKey} />
        ) : (
          demoEnabled() && <DemoSignIn customers={demoCustomers} />
        )}
      </div>
    </main>
  );
}

function DemoSignIn({ customers }: { customers: readonly DemoCustomer[] }) {
  return (
    <div className="w-full">
      <h1 className="text-center text-2xl font-semibold tracking-tight">Choose a customer</h1>
      <p className="mt-2 text-center text-sm text-ink-soft text-balance">
        This is the demo. Each customer has a balance and a history of their own.
      </p>
      <ul className="mt-8 overflow-hidden rounded-2xl border bg-surface shadow-card">
        {customers.map(({ userId, name }) => (
          <li key={userId} className="border-b last:border-b-0">
            <form action={signIn}>
              <input type="hidden" name="userId" value={userId} />
              <button
                type="submit"
                data-testid={`demo-customer-${userId}`}
                className="group flex w-full items-center gap-3.5 px-4 py-3.5 text-left outline-offset-[-3px] transition-colors hover:bg-sunken"
              >
                <span
                  aria-hidden
                  className="grid size-9 place-items-center rounded-full bg-sunken text-sm font-semibold text-ink-soft group-hover:bg-surface"
                >
                  {name.slice(0, 1)}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block text-sm font-medium">{name}</span>
                  <span className="block text-[13px] text-ink-faint">{about[userId]}</span>
                </span>
                <ArrowRight
                  aria-hidden
                  className="size-4 text-ink-faint transition-transform group-hover:translate-x-0.5 group-hover:text-ink"
                />
              </button>
            </form>
          </li>
        ))}
      </ul>
    </div>
  );
}
