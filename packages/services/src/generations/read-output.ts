import { Refusal } from '@hourly/contract';
import type { StoredOutput } from '@hourly/db';
import type { ServiceContext } from '../service-context.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A stored picture of the account's own generation; `index` counts from 0. Refuses with NOT_FOUND. */
export async function readOutput(
  { db }: Pick<ServiceContext, 'db'>,
  input: { accountId: string; generationId: string; index: string },
): Promise<StoredOutput> {
  const { accountId, generationId, index } = input;
  if (!uuid.test(generationId) || !/^[0-9]{1,3}$/.test(index)) throw new Refusal('NOT_FOUND');
  const found = await db.prisma.generationOutput.findFirst({
    where: { generationId, index: Number(index), generation: { accountId: BigInt(accountId) } },
    select: { contentType: true, width: true, height: true, body: true },
  });
  if (found === null) throw new Refusal('NOT_FOUND');
  return { ...found, body: Buffer.from(found.body) };
}
