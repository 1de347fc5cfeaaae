import type { Context } from '../context.ts';

/** One call of a route, with its credentials checked. */
export interface RestCall {
  request: Request;
  url: URL;
  /** What stands for `{name}` in the path, decoded. */
  params: Record<string, string>;
  context: Context;
}

/** One method of one path. */
export interface Route {
  method: string;
  /** `/generations/{id}`, under {@link restBase}. */
  template: string;
  /** Chosen by `?format=` of this value, before the route without. */
  format?: string;
  /** Opened by the browser itself, which sends no `Hourly-Mode`: `?mode=` says the same. */
  isDownload?: boolean;
  answer: (call: RestCall) => Promise<Response>;
}

export interface Match {
  /** Every route of the path, whatever its method. */
  routes: Route[];
  params: Record<string, string>;
}

/** Finds the routes of a path; null when there are none. */
export function matchPath(routes: readonly Route[], path: string): Match | null {
  const segments = segmentsOf(path);
  if (segments === null) return null;
  for (const { template } of routes) {
    const params = paramsOf(template.split('/').slice(1), segments);
    if (params) return { routes: routes.filter((route) => route.template === template), params };
  }
  return null;
}

/** The route of a method among those of its path. */
export function chooseRoute({ routes }: Match, method: string, url: URL): Route | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const format = url.searchParams.get('format');
  const ofMethod = routes.filter((route) => route.method === wanted);
  return (
    ofMethod.find((route) => route.format !== undefined && route.format === format) ??
    ofMethod.find((route) => route.format === undefined)
  );
}

/** For `Allow`: the methods that a path answers. */
export function allowedMethods({ routes }: Match): string {
  const methods = new Set(routes.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods, 'OPTIONS'].join(', ');
}

function segmentsOf(path: string): string[] | null {
  try {
    return path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function paramsOf(template: string[], segments: string[]): Record<string, string> | null {
  if (template.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && part !== segment) return null;
    if (name !== undefined) params[name] = segment;
  }
  return params;
}
