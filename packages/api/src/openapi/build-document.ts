import {
  apiKey,
  balance,
  charge,
  clock,
  createdApiKey,
  errorBody,
  generation,
  ledgerEntry,
  plan,
  segment,
  session,
  sessionDetail,
  status,
  topup,
  usage,
} from '@hourly/contract';
import { router } from '../router.ts';
import { errorResponses, idempotencyKeyParameter, securitySchemes } from './components.ts';
import { otherPaths, statement } from './other-paths.ts';

const defs = {
  ApiKey: apiKey,
  Balance: balance,
  Charge: charge,
  Clock: clock,
  CreatedApiKey: createdApiKey,
  Error: errorBody,
  Generation: generation,
  LedgerEntry: ledgerEntry,
  Plan: plan,
  Segment: segment,
  Session: session,
  SessionDetail: sessionDetail,
  Status: status,
  Topup: topup,
  Usage: usage,
};

type Json = { [name: string]: unknown };

/**
 * The description of the API as OpenAPI 3.1: the paths of the procedures by their meta, those that are none by hand, and
 * what all of them share.
 */
export async function buildDocument(): Promise<Json> {
  // Loaded when first asked for: it brings adapters along that nothing else needs.
  const { generateOpenApiDocument } = await import('trpc-to-openapi');
  const generated = generateOpenApiDocument(router as never, {
    title: 'Hourly',
    version: '1.0.0',
    description:
      'Pay-per-hour billing for unlimited AI generation. Amounts are integers: US cents and Indian paise. Times are ' +
      'ISO 8601 in UTC. Every mutation takes an idempotency key; a repeat with the same key does nothing twice.',
    openApiVersion: '3.1.0',
    baseUrl: '/',
    defs,
  }) as unknown as { paths: Record<string, Json>; components: Json };
  const paths: Record<string, Json> = {};
  for (const [path, operations] of Object.entries(generated.paths)) {
    paths[path] = Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [
        method,
        complete(
          method,
          path === statement.path ? withFiles(operation as Json) : (operation as Json),
        ),
      ]),
    );
  }
  for (const [path, operations] of Object.entries(otherPaths)) {
    paths[path] = { ...paths[path], ...operations };
  }
  return nameOnce({
    ...generated,
    paths,
    components: {
      ...generated.components,
      securitySchemes,
      parameters: { IdempotencyKey: idempotencyKeyParameter },
      responses: errorResponses,
    },
  });
}

/**
 * The generator tells a schema that is read from the same one that is written (`Session`, `SessionOutput`), although
 * nobody ever writes these: the first goes, the second takes its name.
 */
function nameOnce(document: Json & { components: Json }): Json {
  const schemas = Object.entries(document.components.schemas as Json);
  const doubled = Object.keys(defs).filter((name) =>
    schemas.some(([key]) => key === `${name}Output`),
  );
  const kept = schemas.filter(([key]) => !doubled.includes(key));
  const components = { ...document.components, schemas: Object.fromEntries(kept) };
  const text = doubled.reduce(
    (rest, name) =>
      rest.replaceAll(`/${name}Output"`, `/${name}"`).replaceAll(`"${name}Output":`, `"${name}":`),
    JSON.stringify({ ...document, components }),
  );
  return JSON.parse(text) as Json;
}

/** What every operation shares: credentials, errors, and on mutations the idempotency key. */
function complete(method: string, operation: Json): Json {
  const responses = operation.responses as Json;
  const parameters = (operation.parameters ?? []) as Json[];
  const header = { $ref: '#/components/parameters/IdempotencyKey' };
  const id = String(operation.operationId).replace('hourlyUsage-', '');
  return {
    ...operation,
    operationId: id,
    ...(operation.requestBody !== undefined && {
      requestBody: withHonestNeed(operation.requestBody as RequestBody),
    }),
    ...(method === 'get'
      ? parameters.length > 0 && { parameters }
      : { parameters: [...parameters.filter(({ in: place }) => place !== 'query'), header] }),
    security: [{ apiKey: [] }, { browser: [] }],
    responses: {
      200: responses['200'],
      ...Object.fromEntries(
        Object.keys(errorResponses).map((name) => [
          name.replace('Error', ''),
          { $ref: `#/components/responses/${name}` },
        ]),
      ),
    },
  };
}

interface RequestBody {
  required: boolean;
  content: { 'application/json': { schema: { required?: string[] } } };
}

/** A body without which nothing is missing may be left out, also where the path has what is needed. */
const withHonestNeed = (body: RequestBody): RequestBody => ({
  ...body,
  required: (body.content['application/json'].schema.required ?? []).length > 0,
});

function withFiles(operation: Json): Json {
  const responses = operation.responses as Record<string, { content: Json }>;
  const page = responses['200'];
  return {
    ...operation,
    parameters: [...((operation.parameters ?? []) as Json[]), statement.parameter],
    responses: { 200: { ...page, content: { ...page?.content, ...statement.content } } },
  };
}
