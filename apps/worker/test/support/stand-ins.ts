import { type Sandbox, startSandbox } from '@hourly/sandbox';
import { createRazorpayGateway, createRunpodGateway, type ServiceContext } from '@hourly/services';
import { type Line, memoryLog } from './log.ts';

const standInKeys = {
  keyId: 'rzp_test_1DP5mmOlF5G5ag',
  keySecret: 'key secret',
  webhookSecret: 'webhook secret',
  runpodApiKey: 'runpod key',
};

export interface StandIns {
  sandbox: Sandbox;
  ctx: ServiceContext;
  log: { lines: Line[] };
  /** Pulls a lever of the stand-ins. */
  lever(path: string, body?: object): Promise<void>;
}

/** The services in front of stand-ins of the outside world. */
export async function startStandIns(
  db: ServiceContext['db'],
  options: { generationMs?: number } = {},
): Promise<StandIns> {
  const sandbox = await startSandbox({ port: 0, ...standInKeys, ...options });
  const log = memoryLog();
  const { runpodApiKey, ...razorpay } = standInKeys;
  const ctx: ServiceContext = {
    db,
    payments: createRazorpayGateway({ ...razorpay, apiUrl: sandbox.url, timeoutMs: 2000 }),
    generator: createRunpodGateway({
      endpointUrl: `${sandbox.url}/v2/sandbox`,
      apiKey: runpodApiKey,
      timeoutMs: 2000,
    }),
    models: ['flux-schnell'],
    log,
  };
  const lever = async (path: string, body: object = {}) => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok)
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  };
  return { sandbox, ctx, log, lever };
}

/** The environment of a process that works with these stand-ins. */
export const standInEnvironment = (sandbox: Sandbox): Record<string, string> => ({
  RAZORPAY_KEY_ID: standInKeys.keyId,
  RAZORPAY_KEY_SECRET: standInKeys.keySecret,
  RAZORPAY_WEBHOOK_SECRET: standInKeys.webhookSecret,
  RAZORPAY_API_URL: sandbox.url,
  RUNPOD_ENDPOINT_URL: `${sandbox.url}/v2/sandbox`,
  RUNPOD_API_KEY: standInKeys.runpodApiKey,
});
