import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Ids for `spawn`; empty when the current user may run Postgres itself. */
export type OsUser = { uid?: number; gid?: number };

/**
 * The user that Postgres runs as. Postgres refuses to run as root, so root hands it to whoever the
 * data belongs to, or else to the least privileged account that exists everywhere.
 *
 * @throws when running as root and neither `postgres` nor `nobody` exists
 */
export function unprivilegedUser(dataDir: string): OsUser {
  if (process.getuid?.() !== 0) return {};
  if (fs.existsSync(dataDir)) {
    const { uid, gid } = fs.statSync(dataDir);
    if (uid !== 0) return { uid, gid };
  }
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
