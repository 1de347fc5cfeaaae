import { formatInr, formatUsd } from '../../lib/format.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Instant, Mono, PlainTable, SectionCard } from './section-card.tsx';

type Refund = {
  id: string;
  paymentId: string | null;
  amountCents: bigint;
  amountPaise: bigint;
  status: string;
  source: string;
  createdAt: Date;
};

const tones: Record<string, Tone> = { processed: 'live', pending: 'hold', failed: 'halt' };

/** The newest refunds, ours and those made in Razorpay's dashboard. */
export function RefundsCard({ refunds }: { refunds: Refund[] }) {
  return (
    <SectionCard
      title="Refunds"
      hint={
        <>
          Debited before Razorpay is told, credited back when it refuses. Make one with{' '}
          <Mono>hourly refund TOPUP --cents N --yes</Mono>.
        </>
      }
    >
      {refunds.length > 0 && (
        <PlainTable label="Refunds" head={['Payment', 'Amount', 'From', 'State', 'Since']}>
          {refunds.map((refund) => (
            <tr key={refund.id}>
              <td>
                <Mono>{refund.paymentId ?? 'test mode'}</Mono>
              </td>
              <td className="tabular-nums whitespace-nowrap">
                {formatInr(Number(refund.amountPaise))}
                {refund.amountCents > 0n && (
                  <span className="text-ink-faint"> {formatUsd(Number(refund.amountCents))}</span>
                )}
              </td>
              <td>{refund.source === 'operator' ? 'here' : 'Razorpay’s dashboard'}</td>
              <td>
                <Badge tone={tones[refund.status] ?? 'plain'}>{refund.status}</Badge>
              </td>
              <td>
                <Instant at={refund.createdAt} />
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
    </SectionCard>
  );
}
