import { type Reason, reasons } from './reasons.ts';

/** What a refusal carries beside its reason, e.g. `{balanceCents, requiredCents}` of INSUFFICIENT_BALANCE. */
export type RefusalData = Readonly<Record<string, unknown>>;

/**
 * Hourly's one typed error: a call was refused or failed for a reason of the closed list.
 * `data` is public and travels to the caller; `cause` is for the log and never leaves the server.
 */
export class Refusal extends Error {
  readonly reason: Reason;
  readonly data: RefusalData;

  constructor(
    reason: Reason,
    options: { message?: string; data?: RefusalData; cause?: unknown } = {},
  ) {
    super(options.message ?? reasons[reason].message, { cause: options.cause });
    this.name = 'Refusal';
    this.reason = reason;
    this.data = options.data ?? {};
  }

  /** HTTP status of the reason. */
  get status(): number {
    return reasons[this.reason].status;
  }
}
