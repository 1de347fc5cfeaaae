import { api } from '../../../../server/api.ts';

export const dynamic = 'force-dynamic';

export const POST = (request: Request) => api().razorpayWebhook(request);
