import { api } from '../../../server/api.ts';
import { outsideRequest } from '../../../server/outside-request.ts';

export const dynamic = 'force-dynamic';

/** What no other route takes: programs get NOT_FOUND in the API's own words instead of a page. */
const handle = (request: Request) => api().rest(outsideRequest(request));

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
