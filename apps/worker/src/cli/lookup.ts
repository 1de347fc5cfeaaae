import type { Mode } from '@hourly/contract';
import type { Database } from '@hourly/db';
import { z } from 'zod';
import { CommandError } from './command.ts';

const isRowId = (id: string) => z.guid().safeParse(id).success;

/** The account of a customer. Never makes one: a mistyped name must not look like an empty account. */
export async function accountOf(db: Database, userId: string, mode: Mode): Promise<string> {
  const found = await db.prisma.account.findUnique({
    where: { userId_mode: { userId, mode } },
    select: { id: true },
  });
  if (!found) throw new CommandError(`${userId} has no ${mode} account`);
  return found.id.toString();
}

/** The account that a session belongs to. */
export async function accountOfSession(db: Database, id: string): Promise<string> {
  const found = isRowId(id)
    ? await db.prisma.session.findUnique({ where: { id }, select: { accountId: true } })
    : null;
  if (!found) throw new CommandError(`there is no session ${id}`);
  return found.accountId.toString();
}

/** The account that an API key belongs to. */
export async function accountOfKey(db: Database, id: string): Promise<string> {
  const found = isRowId(id)
    ? await db.prisma.apiKey.findUnique({ where: { id }, select: { accountId: true } })
    : null;
  if (!found) throw new CommandError(`there is no key ${id}`);
  return found.accountId.toString();
}
