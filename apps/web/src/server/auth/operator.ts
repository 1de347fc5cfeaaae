import { notFound } from 'next/navigation';
import { webEnv } from '../env.ts';
import { currentUser } from './current-user.ts';

/** Is this customer one of those who run the place? */
export const isOperator = (userId: string): boolean => webEnv().operators.includes(userId);

/** Ends with the page for addresses that lead nowhere, unless an operator asks: nobody else learns that there is one. */
export async function requireOperator(): Promise<{ userId: string; name: string | null }> {
  const user = await currentUser();
  if (user === null || !isOperator(user.userId)) notFound();
  return user;
}
