import { createHmac } from 'node:crypto';
import type { Shelf, Table } from '../table.ts';

/** Razorpay's entities, field by field as its API reference shows them. Times in unix seconds. */
export type Notes = Record<string, string | number> | [];

export interface Order {
  id: string;
  entity: 'order';
  amount: number;
  amount_paid: number;
  amount_due: number;
  currency: string;
  receipt: string | null;
  offer_id: null;
  status: 'created' | 'attempted' | 'paid';
  attempts: number;
  notes: Notes;
  created_at: number;
}

/** What an order was told about capturing; Razorpay shows it nowhere. */
export interface CaptureSettings {
  /** The order's. */
  id: string;
  capture: 'automatic' | 'manual';
  /** How long after its payment began an authorised payment is still captured by itself. */
  automaticForSeconds: number;
  /** How long it can be captured at all; then the money goes back. */
  manualForSeconds: number;
}

export type PaymentMethod = 'upi' | 'card' | 'netbanking';

export interface Payment {
  id: string;
  entity: 'payment';
  amount: number;
  currency: string;
  base_amount: number;
  status: 'created' | 'authorized' | 'captured' | 'refunded' | 'failed';
  /** Null for a payment that another product of the account took without an order. */
  order_id: string | null;
  invoice_id: null;
  international: false;
  method: PaymentMethod;
  amount_refunded: number;
  amount_transferred: number;
  refund_status: null | 'partial' | 'full';
  captured: boolean;
  description: string | null;
  card_id: null;
  bank: string | null;
  wallet: null;
  vpa: string | null;
  email: string;
  contact: string;
  notes: Notes;
  fee: number | null;
  tax: number | null;
  error_code: string | null;
  error_description: string | null;
  error_source: string | null;
  error_step: string | null;
  error_reason: string | null;
  acquirer_data: Record<string, string | null>;
  created_at: number;
  /** Only with `upi`. */
  upi?: { vpa: string };
  /** Only on a payment that its bank confirmed after it had failed for want of an answer. */
  late_authorized?: true;
}

export interface Refund {
  id: string;
  entity: 'refund';
  amount: number;
  currency: string;
  payment_id: string;
  notes: Notes;
  receipt: string | null;
  acquirer_data: { arn: string | null };
  created_at: number;
  batch_id: null;
  status: 'pending' | 'processed' | 'failed';
  speed_processed: 'normal';
  speed_requested: 'normal' | 'optimum';
}

export const disputePhases = [
  'fraud',
  'retrieval',
  'chargeback',
  'pre_arbitration',
  'arbitration',
] as const;
export type DisputePhase = (typeof disputePhases)[number];

/** What the merchant has handed in. The stand-in's dashboard contests without documents. */
export interface Evidence {
  amount: number;
  summary: string | null;
  shipping_proof: null;
  billing_proof: null;
  cancellation_proof: null;
  customer_communication: null;
  proof_of_service: null;
  explanation_letter: null;
  refund_confirmation: null;
  access_activity_log: null;
  refund_cancellation_policy: null;
  term_and_conditions: null;
  others: null;
  submitted_at: number | null;
}

export interface Dispute {
  id: string;
  entity: 'dispute';
  payment_id: string;
  amount: number;
  currency: string;
  /** 0 unless the dispute is lost. */
  amount_deducted: number;
  reason_code: string;
  reason_description: string;
  respond_by: number;
  status: 'open' | 'under_review' | 'won' | 'lost' | 'closed';
  phase: DisputePhase;
  created_at: number;
  evidence: Evidence;
}

/** Which refund an idempotency key made, and of what request. */
export interface RefundKey {
  id: string;
  refundId: string;
  hash: string;
}

export interface RazorpayTables {
  orders: Table<Order, 'receipt'>;
  captureSettings: Table<CaptureSettings>;
  payments: Table<Payment, 'order'>;
  refunds: Table<Refund, 'payment'>;
  disputes: Table<Dispute, 'payment'>;
  refundKeys: Table<RefundKey>;
}

export function createRazorpayTables(shelf: Shelf): RazorpayTables {
  return {
    orders: shelf.table<Order, 'receipt'>('order', 20_000, { receipt: (row) => row.receipt }),
    captureSettings: shelf.table('capture_settings', 20_000),
    payments: shelf.table<Payment, 'order'>('payment', 40_000, { order: (row) => row.order_id }),
    refunds: shelf.table<Refund, 'payment'>('refund', 20_000, { payment: (row) => row.payment_id }),
    disputes: shelf.table<Dispute, 'payment'>('dispute', 5_000, {
      payment: (row) => row.payment_id,
    }),
    refundKeys: shelf.table('refund_key', 20_000),
  };
}

export function collection<T>(items: T[]): { entity: 'collection'; count: number; items: T[] } {
  return { entity: 'collection', count: items.length, items };
}

/** The signature checkout hands to the browser: hex HMAC-SHA256 of `order_id|payment_id`. */
export function checkoutSignature(order: string, payment: string, keySecret: string): string {
  return createHmac('sha256', keySecret).update(`${order}|${payment}`).digest('hex');
}
