import { type List, listOf } from '../list.ts';
import type { CallOptions, MutationOptions } from '../options.ts';
import { pathSegment, type Transport } from '../transport.ts';
import type { ConfirmTopupInput, Page, PageInput, Topup, TopupInput } from '../types.ts';

/** Payments into the balance. */
export class Topups {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Creates a top-up. Live: hand `checkout` to Razorpay's checkout in a browser; the money is credited once the payment is
   * captured. Test mode: `paid` in the answer itself, or `failed` when the amount ends in 01.
   * @throws reasons AMOUNT_BELOW_MINIMUM, AMOUNT_ABOVE_MAXIMUM, PAYMENT_PROVIDER_ERROR
   */
  async create(input: TopupInput, options?: MutationOptions): Promise<Topup> {
    return this.#transport.post('/topup', input, options);
  }

  /**
   * Reports what Razorpay's checkout handed back, so that the money is there before Razorpay's own report.
   * @throws reasons NOT_FOUND, INVALID_SIGNATURE, PAYMENT_PROVIDER_ERROR
   */
  async confirm(input: ConfirmTopupInput, options?: MutationOptions): Promise<Topup> {
    return this.#transport.post('/topup/confirm', input, options);
  }

  async get(id: string, options?: CallOptions): Promise<Topup> {
    return this.#transport.get(`/topups/${pathSegment(id)}`, {}, options);
  }

  /** All top-ups, newest first. */
  list(input: PageInput = {}, options?: CallOptions): List<Topup> {
    return listOf(input.cursor, (cursor) =>
      this.#transport.get<Page<Topup>>('/topups', { ...input, cursor }, options),
    );
  }
}
