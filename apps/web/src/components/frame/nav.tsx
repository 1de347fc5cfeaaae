'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cn } from '../../lib/cn.ts';

const places = [
  { href: '/hourly-usage', label: 'Usage' },
  { href: '/hourly-usage/keys', label: 'API keys' },
];

const operatorsPlace = { href: '/operator', label: 'Operator' };

export function Nav({ isOperator }: { isOperator: boolean }) {
  const here = usePathname();
  const shown = isOperator ? [...places, operatorsPlace] : places;
  return (
    <nav aria-label="Main" className="flex items-center gap-0.5">
      {shown.map(({ href, label }) => (
        <Link
          key={href}
          href={href}
          aria-current={here === href ? 'page' : undefined}
          className={cn(
            'rounded-lg px-2.5 py-1.5 text-sm whitespace-nowrap text-ink-faint transition-colors hover:text-ink',
            here === href && 'font-medium text-ink',
          )}
        >
          {label}
        </Link>
      ))}
      <a
        href="/api/openapi.json"
        className="hidden rounded-lg px-2.5 py-1.5 text-sm text-ink-faint transition-colors hover:text-ink sm:block"
      >
        OpenAPI
      </a>
    </nav>
  );
}
