import { readEnv } from './env.ts';
import { startSandbox } from './index.ts';

const env = readEnv(process.env);

const sandbox = await startSandbox({
  port: env.SANDBOX_PORT,
  host: env.SANDBOX_HOST,
  webhookUrl: env.SANDBOX_WEBHOOK_URL,
  keyId: env.RAZORPAY_KEY_ID,
  keySecret: env.RAZORPAY_KEY_SECRET,
  webhookSecret: env.RAZORPAY_WEBHOOK_SECRET,
  runpodApiKey: env.RUNPOD_API_KEY,
  dataDir: env.SANDBOX_DATA_DIR,
  generationMs: env.SANDBOX_GENERATION_MS,
  log: (line) => console.log(line),
});
console.log(`sandbox listening ${sandbox.url}`);

let isStopping = false;
const stop = () => {
  if (isStopping) return;
  isStopping = true;
  void sandbox.stop();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
