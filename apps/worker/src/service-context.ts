import { createDatabase } from '@hourly/db';
import {
  createRazorpayGateway,
  createRunpodGateway,
  type Log,
  type ServiceContext,
} from '@hourly/services';
import type { WorkerEnv } from './env.ts';

/** The services' context of this process: its connections and its ways to the outside world. */
export function createServiceContext(env: WorkerEnv, log: Log): ServiceContext {
  const { apiUrl, ...razorpay } = env.razorpay;
  return {
    db: createDatabase({
      url: env.databaseUrl,
      role: 'hourly_worker',
      onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    }),
    payments: createRazorpayGateway({ ...razorpay, ...(apiUrl !== null && { apiUrl }) }),
    generator: createRunpodGateway(env.runpod),
    models: env.models,
    log,
  };
}
