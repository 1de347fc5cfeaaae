import { createHash, randomInt } from 'node:crypto';
import type { Mode } from '@hourly/contract';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^40 is 238 bits: not to be guessed, so a fast hash is enough to keep. */
const randomLength = 40;
const prefixLength = 13;

export const apiKeyPattern = /^hk_(live|test)_[0-9A-Za-z]{32,64}$/;

/** A new secret key: `hk_live_` or `hk_test_` and random letters and digits. */
export const newSecret = (mode: Mode): string =>
  `hk_${mode}_${Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('')}`;

/** What of a key may be shown, to recognise it by. */
export const prefixOf = (secret: string): string => secret.slice(0, prefixLength);

/** What of a key is kept. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');
