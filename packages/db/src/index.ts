export * from './calls/accounts.ts';
export { findRequest, type Mutation, type Request } from './calls/call.ts';
export * from './calls/generations.ts';
export * from './calls/keys.ts';
export * from './calls/refunds.ts';
export * from './calls/sessions.ts';
export * from './calls/topups.ts';
export * from './calls/webhook-events.ts';
export { createDatabase, type Database } from './connect.ts';
