'use client';

import type { ComponentProps } from 'react';
import { useRegainedFocus } from '../../hooks/use-regained-focus.ts';
import { Button } from '../ui/button.tsx';

type StatusButtonProps = Pick<ComponentProps<typeof Button>, 'onClick' | 'children'>;

/** What can be done about a payment. */
export function StatusButton(props: StatusButtonProps) {
  const button = useRegainedFocus<HTMLButtonElement>('appeared');
  return <Button ref={button} data-first-focus className="mt-3 h-11 w-full flex-1" {...props} />;
}
