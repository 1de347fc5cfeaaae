import { createHash } from 'node:crypto';
import type { Mode } from '@hourly/contract';
import { browserOf } from '../support/customer.ts';
import type { World } from '../support/world.ts';
import { accountOf, newKey, type Victim } from './victim.ts';

export type Headers = Record<string, string>;

/** Somebody with good credentials of an account that has nothing. */
export interface Stranger {
  name: string;
  headers: Headers;
  mode: Mode;
  kind: 'browser' | 'key';
  accountId: string;
}

/** Credentials that are none, by what is wrong with them. */
export async function wrongCredentials(
  world: World,
  { browser, secret }: Victim,
): Promise<Record<string, Headers>> {
  const bearer = (value: string): Headers => ({ authorization: `Bearer ${value}` });
  const revoked = await newKey(browser);
  await browser.remove(`/keys/${revoked.id}`);
  const expired = await newKey(browser);
  await world.db.owner.query(
    "update hourly_api_keys set expires_at = now() - interval '1 s' where id = $1",
    [expired.id],
  );
  const other = secret.endsWith('0') ? '1' : '0';
  return {
    none: {},
    'an empty bearer': { authorization: 'Bearer ' },
    'a garbage bearer': bearer('garbage'),
    'a token that is none': bearer('eyJhbGciOiJub25lIn0.eyJzdWIiOiJ2aWN0aW0ifQ.'),
    'another scheme': { authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}` },
    'a key without a scheme': { authorization: secret },
    'a key in other places': { 'x-api-key': secret, cookie: `hourly_key=${secret}` },
    'no key behind its prefix': bearer('hk_live_'),
    'a key that nobody made': bearer(`hk_live_${'A'.repeat(40)}`),
    'a key with quotes': bearer(`hk_live_'or(1=1)--${'A'.repeat(32)}`),
    'a key and more': bearer(`${secret}0`),
    'a key cut short': bearer(secret.slice(0, -1)),
    'a key with another end': bearer(`${secret.slice(0, -1)}${other}`),
    'a key of the other mode by name': bearer(
      secret.replace(/_(live|test)_/, (_, mode) => (mode === 'live' ? '_test_' : '_live_')),
    ),
    'two keys at once': bearer(`${secret}, Bearer ${secret}`),
    'what is kept of a key': bearer(createHash('sha256').update(secret).digest('hex')),
    'a revoked key': bearer(revoked.secret),
    'an expired key': bearer(expired.secret),
  };
}

/** Everybody who is somebody, and not the victim in the victim's mode. */
export async function strangersTo(world: World, victim: Victim): Promise<Stranger[]> {
  const otherMode = victim.mode === 'live' ? 'test' : 'live';
  const userId = `stranger_to_${victim.mode}`;
  const browser = async (name: string, user: string, mode: Mode): Promise<Stranger> => {
    const customer = browserOf(world, user, mode);
    // An account is made on first use.
    await customer.get('/end');
    const accountId = await accountOf(world, user, mode);
    return { name, headers: customer.headers, mode, kind: 'browser', accountId };
  };
  const key = async (name: string, user: string, mode: Mode): Promise<Stranger> => {
    const { secret } = await newKey(browserOf(world, user, mode));
    const accountId = await accountOf(world, user, mode);
    const headers = { authorization: `Bearer ${secret}` };
    return { name, headers, mode, kind: 'key', accountId };
  };
  return [
    await browser('another customer, live', userId, 'live'),
    await browser('another customer, test', userId, 'test'),
    await key("another customer's live key", userId, 'live'),
    await key("another customer's test key", userId, 'test'),
    await browser('the same customer, other mode', victim.userId, otherMode),
    {
      name: "the same customer's key of the other mode",
      headers: { authorization: `Bearer ${victim.otherModeSecret}` },
      mode: otherMode,
      kind: 'key',
      accountId: await accountOf(world, victim.userId, otherMode),
    },
    besideCookie(await key('', userId, victim.mode), victim),
  ];
}

/** Credentials in a header count before cookies, whosever these are. */
const besideCookie = (stranger: Stranger, { browser }: Victim): Stranger => ({
  ...stranger,
  name: "another customer's key beside the victim's cookie",
  headers: { ...browser.headers, ...stranger.headers },
});
