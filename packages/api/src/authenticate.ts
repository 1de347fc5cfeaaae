import { type Mode, Refusal } from '@hourly/contract';
import { ensureAccount } from '@hourly/db';
import { authenticateKey, type ServiceContext } from '@hourly/services';
import type { Caller } from './caller.ts';

/** Finds out who is signed in by their browser's session; null when nobody is. */
export type AuthenticateBrowser = (
  request: Request,
) => Promise<{ userId: string; name?: string | null } | null>;

/** Whose request this is; null without credentials. Refuses wrong ones with UNAUTHENTICATED. */
export type Authenticate = (
  request: Request,
  asked?: { mode: string | null },
) => Promise<Caller | null>;

const rememberedAccounts = 10_000;

/**
 * API keys are told by their prefix and looked up each time, so that revoking works at once. Everything else is the
 * browser's sign-in; which account a customer has never changes and is remembered.
 */
export function createAuthenticate(
  services: ServiceContext,
  authenticateBrowser: AuthenticateBrowser,
): Authenticate {
  const accounts = createAccountMemory(services, rememberedAccounts);
  return async (request, asked) => {
    const secret = bearerOf(request);
    if (secret?.startsWith('hk_')) {
      return { kind: 'key', ...(await authenticateKey(services, secret)) };
    }
    const signedIn = await authenticateBrowser(request);
    if (signedIn === null) return null;
    const mode = modeOf(request.headers.get('hourly-mode') ?? asked?.mode ?? null);
    const { userId, name = null } = signedIn;
    return { kind: 'browser', userId, name, mode, accountId: await accounts(userId, mode) };
  };
}

const bearerOf = (request: Request): string | undefined =>
  /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

function modeOf(asked: string | null): Mode {
  if (asked === null) return 'live';
  if (asked === 'live' || asked === 'test') return asked;
  const message = 'must be "live" or "test"';
  throw new Refusal('INVALID_INPUT', { data: { issues: [{ path: ['Hourly-Mode'], message }] } });
}

/** The accounts of the customers seen last, at most `size` of them. */
function createAccountMemory({ db }: ServiceContext, size: number) {
  const remembered = new Map<string, string>();
  return async (userId: string, mode: Mode): Promise<string> => {
    const name = `${mode}:${userId}`;
    const known = remembered.get(name);
    const accountId = known ?? (await ensureAccount(db, { userId, mode })).accountId;
    // Maps keep the order of insertion: the first is the one not seen for longest.
    remembered.delete(name);
    remembered.set(name, accountId);
    const oldest = remembered.size > size ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    return accountId;
  };
}
