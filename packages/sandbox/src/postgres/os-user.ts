import { execFileSync, spawnSync } from 'node:child_process';

/** Ids for `spawn`; empty when the current user may run Postgres itself. */
export type OsUser = { uid?: number; gid?: number };

/**
 * The user that Postgres runs as. Postgres refuses to run as root, so root hands it to the least
 * privileged account that exists everywhere.
 *
 * @throws when running as root and neither `postgres` nor `nobody` exists
 */
export function unprivilegedUser(): OsUser {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    if (uid.status !== 0) continue;
    return {
      uid: Number(uid.stdout),
      gid: Number(execFileSync('id', ['-g', name], { encoding: 'utf8' })),
    };
  }
  throw new Error(
    'Postgres refuses to run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Run as another user, or set DATABASE_URL to a Postgres of your own.',
  );
}
