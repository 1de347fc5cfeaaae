/** A migration or function file that can't be applied, or a database that refuses to be migrated. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}
