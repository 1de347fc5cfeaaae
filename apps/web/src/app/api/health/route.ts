import { api } from '../../../server/api.ts';

export const dynamic = 'force-dynamic';

export const GET = () => api().health();
