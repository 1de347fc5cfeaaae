'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';

type KeySecretProps = { secret: string; onDone: () => void };

export function KeySecret({ secret, onDone }: KeySecretProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied('yes');
    } catch (error) {
      console.warn('The clipboard refused the key.', error);
      setCopied('refused');
    }
  };
  return (
    <div className="grid gap-5">
      <code
        data-testid="key-secret"
        className="block rounded-xl bg-sunken p-4 font-mono text-[13px] leading-relaxed break-all select-all"
      >
        {secret}
      </code>
      <p aria-live="polite" className="text-[13px] text-ink-soft empty:hidden">
        {copied === 'refused' && 'The browser refused to copy. Select the key and copy it by hand.'}
      </p>
      <div className="grid grid-cols-2 gap-2.5">
        <Button look="primary" onClick={() => void copy()}>
          {copied === 'yes' ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied === 'yes' ? 'Copied' : 'Copy'}
        </Button>
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
