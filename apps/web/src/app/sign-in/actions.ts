'use server';

import { redirect } from 'next/navigation';
import { signInDemo, signOutDemo } from '../../server/auth/demo.ts';

/** Signs in as the demo customer whom the form names. */
export async function signIn(form: FormData): Promise<void> {
  await signInDemo(String(form.get('userId')));
  redirect('/hourly-usage');
}

/** Signs the demo's customer out. */
export async function signOut(): Promise<void> {
  await signOutDemo();
  redirect('/');
}
