export type { AuthenticateBrowser } from './authenticate.ts';
export { type Api, createApi } from './create-api.ts';
export type { ErrorShape } from './procedure.ts';
export { type AppRouter, procedures } from './router.ts';
