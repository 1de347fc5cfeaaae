import type { Check } from './check.ts';

export const providerChecks: readonly Check[] = [
  {
    name: 'razorpay',
    async look(cli) {
      await cli.services().payments.findOrder({ receipt: 'hourly-doctor', amountPaise: 100 });
      return { detail: 'answers, and knows the key' };
    },
  },
  {
    name: 'runpod',
    async look(cli) {
      // A job that cannot exist: knowing the key and not knowing the job is the right answer.
      const { state } = await cli.services().generator.poll('hourly-doctor');
      if (state !== 'gone') return { detail: `answers unexpectedly: ${state}`, attention: true };
      return { detail: 'answers, and knows the key' };
    },
  },
];
