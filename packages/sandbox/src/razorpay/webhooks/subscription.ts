import type { Clock } from '../../clock.ts';
import type { Shelf } from '../../table.ts';
import { EVENTS, type EventName } from './delivery.ts';

/** What the dashboard's page of a webhook shows. */
export interface SubscriptionView {
  url: string | null;
  events: EventName[];
  status: 'enabled' | 'disabled';
  /** Since when, and why: `manual`, or the delivery that failed for 24 hours. */
  disabledAt: string | null;
  disabledBy: string | null;
}

/** The account's one webhook: where events go, which, and signed with what. */
export interface Subscription {
  readonly url: string | undefined;
  readonly secret: string;
  readonly isEnabled: boolean;
  wants(event: EventName): boolean;
  /** Not remembered over restarts: whoever starts the stand-in says where events go. */
  setUrl(url: string | undefined): void;
  /** Signs events from now on; those that already happened keep their signature. */
  setSecret(secret: string): void;
  setEvents(events: readonly EventName[] | null): void;
  enable(): void;
  disable(by: string): void;
  view(): SubscriptionView;
  /** As configured again. */
  reset(): void;
}

interface Settings {
  id: string;
  secret: string;
  /** The secret the stand-in was started with when `secret` was set: another one replaces it. */
  configuredSecret: string;
  events: EventName[] | null;
  disabledAt: string | null;
  disabledBy: string | null;
}

const SETTINGS = 'webhook';

/**
 * A shop that captures automatically has no use for `payment.authorized`, so it isn't active
 * unless it is asked for; all others are.
 */
const ACTIVE_BY_DEFAULT = EVENTS.filter((event) => event !== 'payment.authorized');

export function createSubscription(options: {
  shelf: Shelf;
  clock: Clock;
  url: string | undefined;
  secret: string;
}): Subscription {
  const table = options.shelf.table<Settings>('settings', 1);
  let url = options.url;

  const settings = (): Settings => {
    const stored = table.get(SETTINGS);
    const fresh = {
      id: SETTINGS,
      secret: options.secret,
      configuredSecret: options.secret,
      events: null,
      disabledAt: null,
      disabledBy: null,
    };
    if (!stored) return fresh;
    if (stored.configuredSecret === options.secret) return stored;
    return { ...stored, secret: options.secret, configuredSecret: options.secret };
  };
  const change = (changed: Partial<Settings>) => void table.put({ ...settings(), ...changed });
  const events = () => settings().events ?? ACTIVE_BY_DEFAULT;

  return {
    get url() {
      return url;
    },
    get secret() {
      return settings().secret;
    },
    get isEnabled() {
      return settings().disabledAt === null;
    },
    wants: (event) => events().includes(event),
    setUrl(next) {
      url = next;
    },
    setSecret: (secret) => change({ secret }),
    setEvents: (wanted) => change({ events: wanted && [...wanted] }),
    enable: () => change({ disabledAt: null, disabledBy: null }),
    disable: (by) => change({ disabledAt: options.clock.iso(), disabledBy: by }),
    view() {
      const { disabledAt, disabledBy } = settings();
      const status = disabledAt === null ? 'enabled' : 'disabled';
      return { url: url ?? null, events: [...events()], status, disabledAt, disabledBy };
    },
    reset() {
      url = options.url;
    },
  };
}
