import { createDatabase } from '@hourly/db';
import { createRazorpayGateway } from './gateways/razorpay.ts';
import { createRunpodGateway } from './gateways/runpod.ts';
import type { Log } from './log.ts';
import type { ServiceContext } from './service-context.ts';

/** What an app has read from its environment, as far as the services need it. */
export interface ServiceSettings {
  databaseUrl: string;
  razorpay: {
    keyId: string;
    keySecret: string;
    webhookSecret: string;
    /** The one before, while events signed with it may still arrive; null = none. */
    previousWebhookSecret: string | null;
    /** Base URL of Razorpay's API; null = Razorpay's own. */
    apiUrl: string | null;
  };
  runpod: { endpointUrl: string; apiKey: string };
  /** The models that customers may ask for, the default first. */
  models: string[];
}

/** The services' context of a process: its connections, as `role`, and its ways to the outside world. */
export function createServiceContext(
  settings: ServiceSettings,
  { role, log }: { role: 'hourly_app' | 'hourly_worker'; log: Log },
): ServiceContext {
  const { apiUrl, previousWebhookSecret, ...razorpay } = settings.razorpay;
  return {
    db: createDatabase({
      url: settings.databaseUrl,
      role,
      onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    }),
    payments: createRazorpayGateway({
      ...razorpay,
      apiUrl: apiUrl ?? undefined,
      previousWebhookSecret: previousWebhookSecret ?? undefined,
    }),
    generator: createRunpodGateway(settings.runpod),
    models: settings.models,
    log,
  };
}
