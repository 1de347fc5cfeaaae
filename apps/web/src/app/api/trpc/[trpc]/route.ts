import { api } from '../../../../server/api.ts';
import { outsideRequest } from '../../../../server/outside-request.ts';

export const dynamic = 'force-dynamic';

const handle = (request: Request) => api().trpc(outsideRequest(request));

export { handle as GET, handle as POST };
