import type { Metadata } from 'next';
import { HourlyUsageDashboard } from '../../components/hourly-usage/hourly-usage-dashboard.tsx';
import { webEnv } from '../../server/env.ts';

export const metadata: Metadata = { title: 'Usage' };

export default function HourlyUsagePage() {
  return <HourlyUsageDashboard checkoutUrl={webEnv().razorpayCheckoutUrl} />;
}
