import { migrate } from '@hourly/db/migrate';
import { type Postgres, startPostgres } from '@hourly/sandbox/postgres';
import type { Environment } from '../environment/env-file.ts';
import type { DataDir } from '../installation/data-dir.ts';
import type { Secrets } from '../installation/secrets.ts';
import type { Log } from '../processes/output.ts';
import { StopError } from '../stop-error.ts';

/** Urls for each part; with a database of the operator's own all are that one. */
export type DatabaseUrls = { web: string; worker: string };

export type RunningPostgres = Postgres & { ended: Promise<string> };

/** Starts (or takes over) the installation's own Postgres. @throws StopError when it can't */
export async function startOwnPostgres(
  dataDir: DataDir,
  log: Log,
  port?: number,
): Promise<RunningPostgres> {
  const server = await startPostgres({
    dataDir: dataDir.postgres,
    passwordFile: dataDir.postgresPassword,
    log,
    ...(port === undefined ? {} : { port }),
  }).catch((cause: Error) => {
    throw new StopError(cause.message, { cause });
  });
  return { ...server, ended: server.gone.then(() => 'its process is gone') };
}

/**
 * Migrates the installation's own database and lets the product's roles sign in: web and worker
 * never get the owner's password.
 */
export async function migrateOwn(url: string, secrets: Secrets, log: Log): Promise<DatabaseUrls> {
  const { appPassword, workerPassword } = secrets;
  await migrate({
    url,
    log,
    passwords: { hourly_app: appPassword, hourly_worker: workerPassword },
  });
  return {
    web: withUser(url, 'hourly_app', appPassword),
    worker: withUser(url, 'hourly_worker', workerPassword),
  };
}

/**
 * Migrates the operator's database, through DIRECT_URL where DATABASE_URL leads to a pooler.
 *
 * @throws StopError when it can't be reached
 */
export async function migrateGiven(
  environment: Environment,
  url: string,
  log: Log,
): Promise<DatabaseUrls> {
  const name = environment.DIRECT_URL === undefined ? 'DATABASE_URL' : 'DIRECT_URL';
  const direct = environment.DIRECT_URL ?? url;
  if (!/^postgres(ql)?:\/\//.test(direct)) {
    throw new StopError(
      `${name} is not an address of Postgres: postgresql://user:password@host/name`,
    );
  }
  try {
    await migrate({ url: direct, log });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StopError(
      `The database in ${name} could not be brought up to date: ${message || code}`,
      { cause },
    );
  }
  return { web: url, worker: url };
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
