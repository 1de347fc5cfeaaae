import { api } from '../../../server/api.ts';
import { outsideRequest } from '../../../server/outside-request.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) => api().openApi(new URL(outsideRequest(request).url).origin);
