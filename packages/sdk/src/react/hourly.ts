import { type CreateTRPCReact, createTRPCReact } from '@trpc/react-query';
import type { HourlyRouter } from './router.ts';

/** Typed hooks for every procedure: `hourly.hourlyUsage.status.useQuery()`. They work below a `HourlyProvider`. */
export const hourly: CreateTRPCReact<HourlyRouter, unknown> = createTRPCReact<HourlyRouter>();
