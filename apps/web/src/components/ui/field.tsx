import { type ReactNode, useId } from 'react';

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** What is wrong with the value; takes the hint's place. */
  error?: string | null;
  /** Draws the control with the ids that tie label, hint and error to it. */
  children: (control: {
    id: string;
    'aria-describedby': string;
    'aria-invalid': boolean | undefined;
  }) => ReactNode;
};

/** A labelled control with a hint or an error under it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-[13px] font-medium text-ink-soft">
        {label}
      </label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': error ? true : undefined })}
      <p
        id={noteId}
        aria-live="polite"
        className={error ? 'text-[13px] text-halt-ink' : 'text-[13px] text-ink-faint empty:hidden'}
      >
        {error ?? hint}
      </p>
    </div>
  );
}
