import { AsyncLocalStorage } from 'node:async_hooks';

/** Known wherever a request leads, also where tRPC fails before it has made a context. */
export const requestScope = new AsyncLocalStorage<{ requestId: string }>();

export const newRequestId = (): string => `req_${crypto.randomUUID().replaceAll('-', '')}`;
