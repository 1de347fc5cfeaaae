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

export type PaymentMethod = 'upi' | 'card' | 'netbanking';

export interface Payment {
  id: string;
  entity: 'payment';
  amount: number;
  currency: string;
  status: 'captured' | 'failed' | 'refunded';
  order_id: string;
  invoice_id: null;
  international: false;
  method: PaymentMethod;
  amount_refunded: number;
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
  acquirer_data: Record<string, string>;
  created_at: number;
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

export interface Dispute {
  id: string;
  entity: 'dispute';
  payment_id: string;
  amount: number;
  currency: string;
  amount_deducted: number;
  reason_code: string;
  respond_by: number;
  status: 'open' | 'under_review' | 'won' | 'lost' | 'closed';
  phase: 'chargeback';
  created_at: number;
}

export interface RazorpayTables {
  orders: Table<Order>;
  payments: Table<Payment>;
  refunds: Table<Refund>;
  disputes: Table<Dispute>;
  /** One row per idempotency key of a refund: which refund it made. */
  refundKeys: Table<{ id: string; refundId: string; hash: string }>;
}

export function createRazorpayTables(shelf: Shelf): RazorpayTables {
  return {
    orders: shelf.table('order', 20_000),
    payments: shelf.table('payment', 40_000),
    refunds: shelf.table('refund', 20_000),
    disputes: shelf.table('dispute', 5_000),
    refundKeys: shelf.table('refund_key', 20_000),
  };
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function collection<T>(items: T[]): { entity: 'collection'; count: number; items: T[] } {
  return { entity: 'collection', count: items.length, items };
}

/** The signature checkout hands to the browser: hex HMAC-SHA256 of `order_id|payment_id`. */
export function checkoutSignature(order: string, payment: string, keySecret: string): string {
  return createHmac('sha256', keySecret).update(`${order}|${payment}`).digest('hex');
}
