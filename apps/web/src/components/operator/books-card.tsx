import { Badge } from '../ui/badge.tsx';
import { Instant, Mono, PlainTable, SectionCard } from './section-card.tsx';

type Comparison = {
  finishedAt: Date;
  fromAt: Date;
  payments: number;
  refunds: number;
  disputes: number;
  differences: unknown;
};
type Difference = { kind: string; id: string; detail: string };

/** What the last comparison of Razorpay's books with ours found. */
export function BooksCard({ comparison }: { comparison: Comparison | null }) {
  if (comparison === null) {
    return (
      <SectionCard
        title="Razorpay’s books"
        hint="Not compared with the ledger yet; the worker does so every night, or hourly compare --yes now."
      >
        {null}
      </SectionCard>
    );
  }
  const differences = Array.isArray(comparison.differences)
    ? (comparison.differences as Difference[])
    : [];
  const { payments, refunds, disputes, finishedAt } = comparison;
  return (
    <SectionCard
      title="Razorpay’s books"
      hint={
        <>
          {payments} payments, {refunds} refunds and {disputes} disputes compared at{' '}
          <Instant at={finishedAt} />.
        </>
      }
      action={
        differences.length === 0 ? (
          <Badge tone="live">The books agree</Badge>
        ) : (
          <Badge tone="halt">{differences.length} differ</Badge>
        )
      }
    >
      {differences.length > 0 && (
        <PlainTable label="Differences" head={['What', 'At Razorpay', 'Detail']}>
          {differences.map(({ kind, id, detail }) => (
            <tr key={`${kind} ${id}`}>
              <td>{kind.replaceAll('_', ' ')}</td>
              <td>
                <Mono>{id}</Mono>
              </td>
              <td className="text-ink-soft">{detail}</td>
            </tr>
          ))}
        </PlainTable>
      )}
    </SectionCard>
  );
}
