import type { DataDir } from '../installation/data-dir.ts';
import type { Ports } from '../installation/ports.ts';
import type { Secrets } from '../installation/secrets.ts';
import type { Environment } from './env-file.ts';
import type { System } from './outside-systems.ts';

export type Installation = {
  environment: Environment;
  real: Record<System, boolean>;
  dataDir: DataDir;
  secrets: Secrets;
  ports: Ports;
};

/** Whether the stand-ins' process is needed at all. */
export const needsSandbox = (real: Record<System, boolean>): boolean =>
  !real.Razorpay || !real.RunPod;

/**
 * What takes the place of each outside system that isn't real, in the same variables, so that web,
 * worker and CLI have one way of doing things.
 */
export function standInEnvironment({
  environment,
  real,
  dataDir,
  secrets,
  ports,
}: Installation): Environment {
  const api = `http://127.0.0.1:${ports.sandbox}`;
  return {
    HOURLY_DATA_DIR: dataDir.path,
    ...(real.Clerk
      ? {}
      : { HOURLY_DEMO_SECRET: environment.HOURLY_DEMO_SECRET ?? secrets.demoSecret }),
    ...(real.Razorpay
      ? {}
      : {
          RAZORPAY_KEY_ID: secrets.razorpayKeyId,
          RAZORPAY_KEY_SECRET: secrets.razorpayKeySecret,
          RAZORPAY_WEBHOOK_SECRET: secrets.razorpayWebhookSecret,
          RAZORPAY_API_URL: api,
          RAZORPAY_CHECKOUT_URL:
            environment.RAZORPAY_CHECKOUT_URL ?? `http://localhost:${ports.sandbox}/v1/checkout.js`,
        }),
    ...(real.RunPod
      ? {}
      : { RUNPOD_ENDPOINT_URL: `${api}/v2/sandbox`, RUNPOD_API_KEY: secrets.runpodApiKey }),
  };
}

/** What the stand-ins themselves are told; real keys are none of their business. */
export function sandboxEnvironment({
  environment,
  dataDir,
  secrets,
  ports,
}: Installation): Environment {
  return {
    SANDBOX_PORT: String(ports.sandbox),
    ...(environment.HOURLY_DEMO === '1'
      ? { HOURLY_DEMO: '1', SANDBOX_HOST: '0.0.0.0' }
      : { SANDBOX_HOST: '127.0.0.1' }),
    SANDBOX_DATA_DIR: dataDir.sandbox,
    SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${ports.web}/api/webhooks/razorpay-hourly`,
    RAZORPAY_KEY_ID: secrets.razorpayKeyId,
    RAZORPAY_KEY_SECRET: secrets.razorpayKeySecret,
    RAZORPAY_WEBHOOK_SECRET: secrets.razorpayWebhookSecret,
    RUNPOD_API_KEY: secrets.runpodApiKey,
  };
}

/**
 * The web app's address. Signed in by the demo's page, anyone who can connect can be anyone; so
 * only this machine can connect, unless it is meant to be shown around.
 */
export function webHost({ environment, real }: Installation): string {
  return environment.HOURLY_DEMO === '1' || real.Clerk ? '0.0.0.0' : '127.0.0.1';
}
