import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '../../lib/cn.ts';

/** Classes of a button, for links that look like one. */
export const buttonClasses = cva(
  'relative inline-flex shrink-0 items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap select-none transition-colors disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-action text-on-action hover:not-disabled:bg-action-hover',
        secondary: 'border border-line-strong bg-surface text-ink hover:not-disabled:bg-sunken',
        quiet: 'text-ink-soft hover:not-disabled:bg-sunken hover:not-disabled:text-ink',
        danger: 'bg-halt text-white hover:not-disabled:bg-halt-hover',
      },
      size: {
        small: 'h-8 px-3 text-[13px] [&_svg]:size-3.5',
        medium: 'h-10 px-4 text-sm [&_svg]:size-4',
        large: 'h-12 px-6 text-[15px] [&_svg]:size-4',
        icon: 'size-9 [&_svg]:size-4',
      },
    },
    defaultVariants: { look: 'secondary', size: 'medium' },
  },
);

type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonClasses> & {
    /** Under way: the button can't be pressed again and shows a spinner in place of its label. */
    pending?: boolean;
  };

/** A button that keeps its width while its action is under way. */
export function Button({
  className,
  look,
  size,
  pending = false,
  disabled,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cn(buttonClasses({ look, size }), className)}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      {...rest}
    >
      <span className={cn('inline-flex items-center gap-2', pending && 'invisible')}>
        {children}
      </span>
      {pending && (
        <LoaderCircle aria-hidden className="absolute size-4 animate-spin motion-reduce:hidden" />
      )}
    </button>
  );
}
