import {
  type CallOptions,
  type HourlyOptions,
  type MutationOptions,
  settingsOf,
} from './options.ts';
import { Generations } from './resources/generations.ts';
import { Sessions } from './resources/sessions.ts';
import { TestClock } from './resources/test-clock.ts';
import { Topups } from './resources/topups.ts';
import { Transactions } from './resources/transactions.ts';
import { Transport } from './transport.ts';
import type {
  Balance,
  GenerateInput,
  Generation,
  Mode,
  Status,
  Usage,
  UsageInput,
} from './types.ts';

/**
 * The client of Hourly: top up a prepaid balance, run a session, generate as much as you like while it runs.
 * One client serves a whole program and any number of calls at once.
 *
 * Every call rejects with a {@link HourlyError}. Calls that change something carry an idempotency key, made once for each
 * call and sent again with every retry of it, so that nothing is charged twice.
 */
export class Hourly {
  /** Of the key: `test` accounts touch no money and have a clock of their own. */
  readonly mode: Mode;
  readonly baseUrl: string;

  readonly sessions: Sessions;
  readonly topups: Topups;
  readonly generations: Generations;
  readonly transactions: Transactions;
  readonly testClock: TestClock;

  readonly #transport: Transport;

  /** @throws {HourlyError} with reason INVALID_CONFIGURATION when an option is missing or cannot work */
  constructor(options: HourlyOptions = {}) {
    const settings = settingsOf(options);
    this.mode = settings.mode;
    this.baseUrl = settings.baseUrl;
    this.#transport = new Transport(settings);
    this.sessions = new Sessions(this.#transport);
    this.topups = new Topups(this.#transport);
    this.generations = new Generations(this.#transport);
    this.transactions = new Transactions(this.#transport);
    this.testClock = new TestClock(this.#transport);
  }

  /** The open session and the balance, as of one instant. */
  async status(options?: CallOptions): Promise<Status> {
    return this.#transport.get('/end', {}, options);
  }

  async balance(options?: CallOptions): Promise<Balance> {
    return this.#transport.get('/topup', {}, options);
  }

  /** Same as `generations.create`: the call that is made most often. */
  async generate(input: GenerateInput, options?: MutationOptions): Promise<Generation> {
    return this.generations.create(input, options);
  }

  /** Hours, cost and generations by day: the last 30 days unless told. */
  async usage(input: UsageInput = {}, options?: CallOptions): Promise<Usage> {
    return this.#transport.get('/usage', { ...input }, options);
  }
}
