import type { ServiceContext } from '@hourly/services';
import type { Caller } from './caller.ts';

/** What every procedure knows of its request. */
export interface Context {
  requestId: string;
  /** Where the caller reached us, for links: `https://hourly.example`. */
  origin: string;
  /** Null without credentials. */
  caller: Caller | null;
  /** A page of another site sent this request with the customer's cookies. */
  isForeign: boolean;
  /** Of the header; procedures take it in their input as well. */
  idempotencyKey: string | null;
  services: ServiceContext;
}
