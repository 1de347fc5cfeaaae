import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { Hourly, HourlyError } from '../src/index.ts';
import { version } from '../src/version.ts';

const baseUrl = 'https://hourly.example.com';
const apiKey = 'hk_test_0123456789';

const refusedMessage = (create: () => unknown): string => {
  try {
    create();
  } catch (error) {
    if (HourlyError.is(error) && error.reason === 'INVALID_CONFIGURATION') return error.message;
    throw error;
  }
  throw new Error('was accepted');
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe('options', () => {
  it('reads key and address from the environment', () => {
    vi.stubEnv('HOURLY_API_KEY', 'hk_live_abc\n');
    vi.stubEnv('HOURLY_BASE_URL', `${baseUrl}/`);
    const hourly = new Hourly();
    expect(hourly.mode).toBe('live');
    expect(hourly.baseUrl).toBe(baseUrl);
  });

  it('prefers what it is given', () => {
    vi.stubEnv('HOURLY_API_KEY', 'hk_live_abc');
    vi.stubEnv('HOURLY_BASE_URL', 'https://other.example.com');
    const hourly = new Hourly({ apiKey, baseUrl: `${baseUrl}/billing/` });
    expect(hourly.mode).toBe('test');
    expect(hourly.baseUrl).toBe(`${baseUrl}/billing`);
  });

  it('works where there is no process', () => {
    vi.stubGlobal('process', undefined);
    expect(new Hourly({ apiKey, baseUrl }).mode).toBe('test');
  });

  it('says what is missing', () => {
    vi.stubEnv('HOURLY_API_KEY', undefined);
    vi.stubEnv('HOURLY_BASE_URL', undefined);
    expect(refusedMessage(() => new Hourly({ baseUrl }))).toContain('HOURLY_API_KEY');
    expect(refusedMessage(() => new Hourly({ apiKey }))).toContain('HOURLY_BASE_URL');
  });

  it('refuses a malformed key without repeating it', () => {
    for (const wrong of ['sk_secret', 'hk_live_', 'hk_prod_secret', 'hk_test_secret secret']) {
      const message = refusedMessage(() => new Hourly({ apiKey: wrong, baseUrl }));
      expect(message).toContain('hk_live_');
      expect(message).not.toContain('secret');
    }
  });

  it.each([
    'hourly.example.com',
    'ftp://hourly.example.com',
    'https://hourly.example.com?x=1',
    'https://user:pass@hourly.example.com',
    'nonsense',
  ])('refuses the address %s', (wrong) => {
    expect(refusedMessage(() => new Hourly({ apiKey, baseUrl: wrong }))).toContain('base URL');
  });

  it('refuses limits that are none', () => {
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      refusedMessage(() => new Hourly({ apiKey, baseUrl, timeoutMs }));
    for (const maxRetries of [-1, 1.5, 11, Number.NaN])
      refusedMessage(() => new Hourly({ apiKey, baseUrl, maxRetries }));
  });

  it('refuses browsers unless told otherwise', () => {
    vi.stubGlobal('window', { document: {} });
    expect(refusedMessage(() => new Hourly({ apiKey, baseUrl }))).toContain('@hourly/sdk/react');
    expect(new Hourly({ apiKey, baseUrl, dangerouslyAllowBrowser: true }).mode).toBe('test');
  });

  it('keeps the key out of what is logged', () => {
    const hourly = new Hourly({ apiKey, baseUrl });
    expect(inspect(hourly, { depth: 9, showHidden: true })).not.toContain(apiKey);
    expect(JSON.stringify(hourly)).not.toContain(apiKey);
  });

  it('tells the version of package.json', () => {
    expect(version).toBe(packageJson.version);
  });
});
