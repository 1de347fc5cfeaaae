'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '../../lib/cn.ts';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

const shapes = {
  /** In the middle; on a phone a sheet from the bottom. */
  centre:
    'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-2xl sm:inset-x-auto sm:bottom-auto sm:top-1/2 sm:left-1/2 sm:w-[min(32rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl',
  /** A drawer at the right edge. */
  drawer: 'inset-y-0 right-0 w-full max-w-[34rem] sm:inset-y-2 sm:right-2 sm:rounded-2xl',
};

type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  title: ReactNode;
  /** Read out with the title; null where the content explains itself. */
  description: ReactNode | null;
  shape?: keyof typeof shapes;
};

/** The body of a dialog: title, close button, content that scrolls when it is taller than the screen. */
export function DialogContent({
  title,
  description,
  shape = 'centre',
  className,
  children,
  ...rest
}: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-black/45 backdrop-blur-[2px] dark:bg-black/65" />
      <Radix.Content
        className={cn(
          'fixed z-50 flex flex-col overflow-y-auto overscroll-contain border bg-surface shadow-pop outline-none data-[state=open]:animate-fade',
          shapes[shape],
          className,
        )}
        {...(description === null ? { 'aria-describedby': undefined } : {})}
        {...rest}
      >
        <header className="px-5 pt-5 pr-14 sm:px-6 sm:pt-6 sm:pr-14">
          <Radix.Title className="text-lg font-semibold tracking-tight text-balance">
            {title}
          </Radix.Title>
          {description !== null && (
            <Radix.Description className="mt-1 text-sm text-ink-soft text-pretty">
              {description}
            </Radix.Description>
          )}
        </header>
        <div className="px-5 pt-5 pb-6 sm:px-6">{children}</div>
        {/* Last, so that the keyboard begins with what the dialog is for. */}
        <Radix.Close
          aria-label="Close"
          className="absolute top-2.5 right-2.5 grid size-11 place-items-center rounded-lg text-ink-faint transition-colors hover:bg-sunken hover:text-ink"
        >
          <X aria-hidden className="size-4" />
        </Radix.Close>
      </Radix.Content>
    </Radix.Portal>
  );
}
