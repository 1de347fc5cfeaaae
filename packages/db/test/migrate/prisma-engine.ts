import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { packageFolder } from '../setup/setup-file.ts';

const CHAR_OID = 18;
const TEXT_OID = 25;
const noFilters = { externalTables: [], externalEnums: [] };
const schemaFile = `${packageFolder}prisma/schema.prisma`;
export const schemaText = (): string => fs.readFileSync(schemaFile, 'utf8');

export interface PrismaEngine {
  /** `prisma migrate deploy`: the names of the migrations that were applied. */
  deploy(): Promise<string[]>;
  /** `prisma migrate status`: null when it sees no difference between the migrations and what is recorded. */
  status(): Promise<unknown>;
  /** `prisma migrate diff`: the statements that would make of the database what the schema says. */
  diff(schema: string): Promise<string>;
  close(): Promise<void>;
}

/** Prisma's own schema engine, which its commands download as a program and which also comes as WebAssembly. */
export async function startPrismaEngine(url: string): Promise<PrismaEngine> {
  await load();
  const pool = new CharPool({ connectionString: url, max: 1 });
  pool.on('error', () => {});
  const factory = bindMigrationAwareSqlAdapterFactory(new MigratingPrismaPg(pool));
  const datamodels: [string, string][] = [[schemaFile, schemaText()]];
  const instance = await engine.SchemaEngine.new({ datamodels }, () => {}, factory);
  return {
    async deploy() {
      const input = { migrationsList: migrationsList(), filters: noFilters };
      const { appliedMigrationNames } = await instance.applyMigrations(input);
      // The command ends here, and its connection and lock with it.
      await pool.query('select pg_advisory_unlock_all()');
      return appliedMigrationNames;
    },
    async status() {
      const { history, editedMigrationNames, failedMigrationNames } =
        await instance.diagnoseMigrationHistory({
          migrationsList: migrationsList(),
          optInToShadowDatabase: false,
          filters: noFilters,
        });
      const isClean =
        history === null && editedMigrationNames.length + failedMigrationNames.length === 0;
      return isClean ? null : { history, editedMigrationNames, failedMigrationNames };
    },
    async diff(schema) {
      const files = [{ path: schemaFile, content: schema }];
      const { stdout } = await instance.diff({
        from: { tag: 'schemaDatasource', files, configDir: packageFolder },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: null,
        filters: noFilters,
      });
      return stdout ?? '';
    },
    async close() {
      instance.free();
      await pool.end();
    },
  };
}

// Node has it, and the types of what is common to all platforms don't.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      binary: Uint8Array,
      imports: object,
    ): Promise<{ instance: { exports: Record<string, () => void> } }>;
  };
};

let loaded: Promise<void> | undefined;

/** The package is made for bundlers, which load the binary part themselves. */
async function load(): Promise<void> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve(
      '@prisma/schema-engine-wasm/schema_engine_bg',
    );
    const binary = fs.readFileSync(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': engine });
    engine.__wbg_set_wasm(instance.exports);
    instance.exports.__wbindgen_start?.();
  })();
  await loaded;
}

/** What adapter-pg cannot do and the engine asks for. */
class MigratingPrismaPg extends PrismaPg {
  readonly #pool: CharPool;
  constructor(pool: CharPool) {
    super(pool);
    this.#pool = pool;
  }

  override async connect() {
    const adapter = await super.connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      const columnTypes = [...result.columnTypes];
      for (const column of this.#pool.charColumns.get(result.rows) ?? []) {
        columnTypes[column] = ColumnTypeEnum.Character;
      }
      return { ...result, columnTypes };
    };
    // The adapter's own cuts scripts at every semicolon, also inside of functions.
    adapter.executeScript = async (script) => {
      await this.#pool.query(script);
    };
    return adapter;
  }
}

/** Reads columns of the type "char", which the catalogue is full of, as text, and remembers which they are. */
class CharPool extends pg.Pool {
  readonly charColumns = new WeakMap<object, number[]>();
  override query = (async (text: string | pg.QueryConfig) => {
    const result = await super.query(text);
    // A script of several statements has several results, which nobody reads.
    if (Array.isArray(result)) return result;
    const columns: number[] = [];
    for (const [index, field] of result.fields.entries()) {
      if (field.dataTypeID !== CHAR_OID) continue;
      field.dataTypeID = TEXT_OID;
      columns.push(index);
    }
    this.charColumns.set(result.rows, columns);
    return result;
  }) as pg.Pool['query'];
}

function migrationsList() {
  const baseDir = `${packageFolder}prisma/migrations`;
  const entries = fs.readdirSync(baseDir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const read = (file: string) => fs.readFileSync(path.join(baseDir, file), 'utf8');
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: read(`${name}/migration.sql`) },
      },
    })),
  };
}
