import type pg from 'pg';

/** Whom Supabase's data API acts as. */
const strangers = ['anon', 'authenticated'] as const;

const alreadyThere = ['42710', '23505'];

/**
 * Makes the roles of strangers where they are missing. Roles belong to the whole server and other tests may be
 * migrating on it just now, so they stay: without a login, and without a right to anything.
 */
export async function createStrangers(owner: pg.Pool): Promise<void> {
  for (const role of strangers) {
    try {
      await owner.query(`create role ${role} nologin`);
    } catch (error) {
      if (!alreadyThere.includes((error as { code?: string }).code ?? '')) throw error;
    }
  }
}
