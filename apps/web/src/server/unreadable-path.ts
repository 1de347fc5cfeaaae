import { reasons } from '@hourly/contract';

/**
 * NOT_FOUND in the API's own words for a path with escapes that mean nothing (`%ff`), which Next would answer with a bare
 * 500; null for every other path.
 */
export function refuseUnreadablePath(pathname: string): Response | null {
  if (isReadable(pathname)) return null;
  const requestId = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  const { status, code, message } = reasons.NOT_FOUND;
  return Response.json(
    { message, code, reason: 'NOT_FOUND', requestId },
    { status, headers: { 'cache-control': 'no-store', 'x-request-id': requestId } },
  );
}

function isReadable(pathname: string): boolean {
  try {
    return decodeURIComponent(pathname) !== '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
