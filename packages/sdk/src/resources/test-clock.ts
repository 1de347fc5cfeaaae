import type { MutationOptions } from '../options.ts';
import type { Transport } from '../transport.ts';
import type { AdvanceClockInput, Clock } from '../types.ts';

/** The frozen clock of a test account: hours pass when you say so. */
export class TestClock {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Moves the account's clock forward and settles what became due. An hour and a half: `{ advanceSeconds: 5400 }`.
   * @throws reason TEST_MODE_ONLY on live accounts
   */
  async advance(input: AdvanceClockInput, options?: MutationOptions): Promise<Clock> {
    return this.#transport.post('/clock', input, options);
  }
}
