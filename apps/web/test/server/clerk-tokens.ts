import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const keyPair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
};

export const origin = 'https://hourly.example.com';

/** The claims of a good session token, as Clerk's own carry them. */
export const claimsOf = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  return {
    sub: 'user_2abc',
    sid: 'sess_2abc',
    iss: 'https://clerk.example.com',
    azp: origin,
    iat: now - 5,
    nbf: now - 10,
    exp: now + 60,
    sts: 'active',
    v: 2,
    ...changes,
  };
};

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const assemble = (header: object, claims: object, signer: (data: string) => string) => {
  const data = `${encode({ typ: 'JWT', kid: 'ins_2abc', ...header })}.${encode(claims)}`;
  return `${data}.${signer(data)}`;
};

export const rs256 = (claims: object, privateKey: KeyObject): string =>
  assemble({ alg: 'RS256' }, claims, (data) =>
    sign('RSA-SHA256', Buffer.from(data), privateKey).toString('base64url'),
  );

/** The classic forgery: the public key, known to everybody, used as the secret of an HMAC. */
export const hs256 = (claims: object, secret: string): string =>
  assemble({ alg: 'HS256' }, claims, (data) =>
    createHmac('sha256', secret).update(data).digest('base64url'),
  );

export const unsigned = (claims: object): string => assemble({ alg: 'none' }, claims, () => '');
