import { listKeptPayments, listWebhookEvents } from '@hourly/services';
import type { Metadata } from 'next';
import Link from 'next/link';
import { Logo } from '../../components/frame/logo.tsx';
import { ThemeToggle } from '../../components/frame/theme-toggle.tsx';
import { BooksCard } from '../../components/operator/books-card.tsx';
import { EventsCard } from '../../components/operator/events-card.tsx';
import { KeptPaymentsCard } from '../../components/operator/kept-payments-card.tsx';
import { RefundsCard } from '../../components/operator/refunds-card.tsx';
import { buttonClasses } from '../../components/ui/button.tsx';
import { services } from '../../server/api.ts';
import { requireOperator } from '../../server/auth/operator.ts';

export const metadata: Metadata = { title: 'Operator', robots: { index: false } };

const eventsShown = 25;
const paymentsShown = 100;
const refundsShown = 50;

type Query = Promise<{ cursor?: string | string[]; waiting?: string | string[] }>;

/** What went astray between Razorpay and the ledger, and the one thing to do about each. */
export default async function OperatorPage({ searchParams }: { searchParams: Query }) {
  const user = await requireOperator();
  const query = await searchParams;
  const cursor = typeof query.cursor === 'string' ? query.cursor : undefined;
  const unprocessed = query.waiting === '1';
  const ctx = services();
  const [payments, events, comparison, refunds] = await Promise.all([
    listKeptPayments(ctx, { limit: paymentsShown }),
    listWebhookEvents(ctx, { limit: eventsShown, cursor, unprocessed }),
    ctx.db.prisma.bookComparison.findFirst({ orderBy: { id: 'desc' } }),
    ctx.db.prisma.refund.findMany({ orderBy: { createdAt: 'desc' }, take: refundsShown }),
  ]);
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-6">
      <header className="flex h-16 items-center gap-3">
        <Link href="/" aria-label="Hourly" className="flex rounded-md">
          <Logo />
        </Link>
        <span className="text-sm text-ink-faint">{user.name}</span>
        <div className="ml-auto flex items-center gap-2">
          <Link href="/hourly-usage" className={buttonClasses({ look: 'quiet', size: 'small' })}>
            Dashboard
          </Link>
          <ThemeToggle />
        </div>
      </header>
      <main className="grid gap-6 py-6 sm:py-10">
        <h1 className="text-2xl font-semibold tracking-tight">Payments</h1>
        <BooksCard comparison={comparison} />
        <KeptPaymentsCard payments={payments} />
        <RefundsCard refunds={refunds} />
        <EventsCard {...events} unprocessed={unprocessed} />
      </main>
    </div>
  );
}
