import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { DashboardFrame } from '../../components/frame/dashboard-frame.tsx';
import { modeCookie } from '../../lib/mode-cookie.ts';
import { currentUser } from '../../server/auth/current-user.ts';
import { isOperator } from '../../server/auth/operator.ts';
import { webEnv } from '../../server/env.ts';
import { signOut } from '../sign-in/actions.ts';

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const user = await currentUser();
  if (!user) redirect('/sign-in');
  const mode = (await cookies()).get(modeCookie)?.value === 'test' ? 'test' : 'live';
  return (
    <DashboardFrame
      user={{ userId: user.userId, name: user.name ?? 'Account' }}
      isOperator={isOperator(user.userId)}
      initialMode={mode}
      clerkPublishableKey={webEnv().clerkPublishableKey}
      signOut={signOut}
    >
      {children}
    </DashboardFrame>
  );
}
