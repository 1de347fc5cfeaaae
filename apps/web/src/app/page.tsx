import { formatInr, formatUsd, type Plan, paiseOf } from '@hourly/contract';
import Link from 'next/link';
import { Logo } from '../components/frame/logo.tsx';
import { ThemeToggle } from '../components/frame/theme-toggle.tsx';
import { HourTally } from '../components/home/hour-tally.tsx';
import { buttonClasses } from '../components/ui/button.tsx';
import { currentPlan } from '../server/api.ts';
import { currentUser } from '../server/auth/current-user.ts';

/** The rules in the plan's own figures. */
const rulesOf = (plan: Plan) => [
  {
    title: 'Started hours',
    text: `Five minutes cost ${formatUsd(plan.rateCents * plan.sessionMinimumHours)}, an hour and a half ${formatUsd(2 * plan.rateCents)}. Nothing is counted per picture.`,
  },
  {
    title: 'Free pauses',
    text: 'Pause after twenty minutes and forty stay paid for, whenever you come back.',
  },
  {
    title: 'Prepaid',
    text: `Top up from ${formatUsd(plan.minimumTopupCents)} (${formatInr(paiseOf(plan.minimumTopupCents, plan.inrPerUsd))}). ${plan.commitmentHours} hours are committed once, the rest you can take back. A balance never goes below zero by use.`,
  },
];

export default async function HomePage() {
  const user = await currentUser();
  const plan = await currentPlan();
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-4 sm:px-6">
      <header className="flex h-16 items-center justify-between">
        <Logo />
        <div className="flex items-center gap-2">
          <a href="/api/openapi.json" className={buttonClasses({ look: 'quiet', size: 'small' })}>
            OpenAPI
          </a>
          <ThemeToggle />
        </div>
      </header>
      <main className="flex flex-1 flex-col justify-center py-16 sm:py-24">
        <h1 className="max-w-[16ch] text-[2.75rem] leading-[1.02] font-semibold tracking-[-0.04em] text-balance sm:text-7xl">
          Unlimited generation, {formatUsd(plan.rateCents)} an hour
        </h1>
        <p className="mt-6 max-w-[52ch] text-lg leading-relaxed text-ink-soft text-pretty">
          Start a session, generate as much as you like, pause when you don’t need it. Hours come
          off a prepaid balance, and every charge explains itself.
        </p>
        <div className="mt-9 flex flex-wrap gap-3">
          <Link
            href={user ? '/hourly-usage' : '/sign-in'}
            className={buttonClasses({ look: 'primary', size: 'large' })}
          >
            {user ? 'Go to the dashboard' : 'Sign in'}
          </Link>
        </div>
        <HourTally price={formatUsd(plan.rateCents)} />
        <dl className="mt-14 grid gap-8 border-t pt-8 sm:grid-cols-3">
          {rulesOf(plan).map(({ title, text }) => (
            <div key={title}>
              <dt className="text-sm font-semibold">{title}</dt>
              <dd className="mt-1.5 text-sm leading-relaxed text-ink-soft text-pretty">{text}</dd>
            </div>
          ))}
        </dl>
      </main>
    </div>
  );
}
