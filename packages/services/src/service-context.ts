import type { Database } from '@hourly/db';
import type { GenerationGateway } from './gateways/generation-gateway.ts';
import type { PaymentGateway } from './gateways/payment-gateway.ts';
import type { Log } from './log.ts';

/** What every service works with, handed in by the app that wires it. */
export interface ServiceContext {
  db: Database;
  payments: PaymentGateway;
  generator: GenerationGateway;
  /** The operator's list of models; the first is the default. Never empty. */
  models: readonly string[];
  log: Log;
}
