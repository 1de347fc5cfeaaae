import { verifyToken } from '@clerk/backend';
import { TokenVerificationError } from '@clerk/backend/errors';

export interface ClerkUser {
  userId: string;
  /** From the claims `name` or `email`, where the operator added them to the session token. */
  name: string | null;
}

/**
 * Who a Clerk session token says it is, without asking Clerk: signature, times and authorized party are checked here.
 * Null when the token is not good, or when its session still has tasks to do (`sts: 'pending'`) or is nobody's.
 * https://clerk.com/docs/guides/sessions/manual-jwt-verification
 *
 * @param token as in the cookie `__session` or behind `Bearer`
 * @param jwtKey PEM of the instance's public key
 * @param origin the only origin whose pages may have asked for the token, or the same over https: a proxy that ends TLS
 *   does not always tell
 */
export async function verifyClerkToken(
  token: string,
  { jwtKey, origin }: { jwtKey: string; origin: string },
): Promise<ClerkUser | null> {
  try {
    const authorizedParties = [origin, origin.replace(/^http:/, 'https:')];
    const claims = await verifyToken(token, { jwtKey, authorizedParties });
    if (claims.sts === 'pending' || claims.sub === '') return null;
    return { userId: claims.sub, name: textOf(claims.name) ?? textOf(claims.email) };
  } catch (error) {
    if (error instanceof TokenVerificationError) return null;
    throw error;
  }
}

const textOf = (claim: unknown): string | null =>
  typeof claim === 'string' && claim.trim() !== '' ? claim : null;
