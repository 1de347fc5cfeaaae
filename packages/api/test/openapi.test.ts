import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOpenApiHandler } from '../src/openapi/handle-openapi.ts';

interface Operation {
  operationId: string;
  security: object[];
  parameters?: { $ref?: string; name?: string; in?: string }[];
  requestBody?: { content: Record<string, { schema: { properties?: object } }> };
  responses: Record<
    string,
    { $ref?: string; content?: Record<string, { schema: { $ref?: string } }> }
  >;
}

interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, unknown>>;
}

let document: Document;
beforeAll(async () => {
  const response = await createOpenApiHandler()('https://hourly.example');
  document = (await response.json()) as Document;
});

/** The table of the interface. */
const rows = [
  'POST /start',
  'POST /toggle',
  'POST /end',
  'GET /end',
  'POST /topup',
  'GET /topup',
  'POST /topup/confirm',
  'GET /topups',
  'GET /topups/{id}',
  'GET /topups/{id}/receipt',
  'POST /generate',
  'GET /generations',
  'GET /generations/{id}',
  'GET /generations/{id}/outputs/{index}',
  'POST /generations/{id}/cancel',
  'GET /sessions',
  'GET /sessions/{id}',
  'GET /sessions/{id}/receipt',
  'GET /transactions',
  'GET /usage',
  'POST /clock',
  'GET /keys',
  'POST /keys',
  'DELETE /keys/{id}',
];

const base = '/api/hourly-usage';
const operationOf = (row: string): Operation | undefined => {
  const [method = '', path = ''] = row.split(' ');
  return document.paths[`${base}${path}`]?.[method.toLowerCase()];
};

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as never);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.servers).toEqual([{ url: 'https://hourly.example' }]);
  });

  it('lists every path, and nothing else', () => {
    const listed = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const others = [
      'GET /api/health',
      'GET /api/openapi.json',
      'POST /api/webhooks/razorpay-hourly',
    ];
    const all = rows.map((row) => row.replace(' ', ` ${base}`));
    expect(listed.sort()).toEqual([...all, ...others].sort());
  });

  it('refers to nothing that it does not have', () => {
    const refs = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, ref = ''] of refs) {
      const found = ref
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], document);
      expect(found, ref).toBeDefined();
    }
  });

  it('names credentials, errors and the idempotency key', () => {
    expect(Object.keys(document.components.securitySchemes ?? {})).toEqual(['apiKey', 'browser']);
    for (const row of rows) {
      const operation = operationOf(row);
      expect(operation?.security, row).toEqual([{ apiKey: [] }, { browser: [] }]);
      expect(operation?.responses['401']?.$ref, row).toBe('#/components/responses/Error401');
      const takesKey =
        operation?.parameters?.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')) ?? false;
      expect(takesKey, row).toBe(!row.startsWith('GET'));
    }
    const error = document.components.schemas?.Error as { properties: object };
    expect(Object.keys(error.properties)).toEqual(['message', 'code', 'reason', 'requestId']);
  });

  it('describes what goes in and what comes out', () => {
    const answer = operationOf('POST /start')?.responses['200']?.content?.['application/json'];
    expect(answer?.schema.$ref).toBe('#/components/schemas/Session');
    const input = operationOf('POST /start')?.requestBody?.content['application/json']?.schema;
    expect(Object.keys(input?.properties ?? {})).toEqual(
      expect.arrayContaining(['plan', 'maxHours', 'hourEnd', 'autoPauseMinutes']),
    );
    const query = operationOf('GET /sessions')?.parameters?.map(
      ({ name, in: place }) => `${place} ${name}`,
    );
    expect(query).toEqual(['query cursor', 'query limit']);
    expect(operationOf('GET /transactions')?.parameters?.map(({ name }) => name)).toContain(
      'format',
    );
  });
});
