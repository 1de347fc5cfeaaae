import type { KeptPayment } from '@hourly/services';
import { formatInr } from '../../lib/format.ts';
import { Badge } from '../ui/badge.tsx';
import { Instant, Mono, PlainTable, SectionCard } from './section-card.tsx';

const reasons: Record<string, string> = {
  second_payment: 'second payment of a paid order',
  amount_mismatch: 'not the order’s amount or currency',
  unknown_order: 'order unknown here',
};

/** Money that came in and fits nothing. */
export function KeptPaymentsCard({ payments }: { payments: KeptPayment[] }) {
  return (
    <SectionCard
      title="Payments that wait"
      hint={
        payments.length === 0 ? (
          'Every payment that came in is credited or given back.'
        ) : (
          <>
            Captured and never credited. Give one back with <Mono>hourly refund PAYMENT --yes</Mono>
            .
          </>
        )
      }
      action={payments.length > 0 && <Badge tone="hold">{payments.length} waiting</Badge>}
    >
      {payments.length > 0 && (
        <PlainTable
          label="Payments that wait"
          head={['Payment', 'Amount', 'Why', 'Order', 'Received']}
        >
          {payments.map((payment) => (
            <tr key={payment.paymentId}>
              <td>
                <Mono>{payment.paymentId}</Mono>
              </td>
              <td className="tabular-nums whitespace-nowrap">
                {payment.currency === 'INR'
                  ? formatInr(payment.amountPaise)
                  : `${payment.amountPaise} ${payment.currency}`}
              </td>
              <td>{reasons[payment.why ?? ''] ?? payment.why}</td>
              <td>{payment.orderId && <Mono>{payment.orderId}</Mono>}</td>
              <td>
                <Instant at={payment.receivedAt} />
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
    </SectionCard>
  );
}
