import { api } from '../../../server/api.ts';

export const dynamic = 'force-dynamic';

const handle = (request: Request) => api().health(request);

// Every method, so that a wrong one is answered in the API's own words.
export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
