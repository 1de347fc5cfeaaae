'use client';

import { hourly, type Status } from '@hourly/sdk/react';
import { Sparkles } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { emptyRequest, readRequest, whyNotNow } from '../../lib/picture-request.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { RequestOptions } from './request-options.tsx';
import { SubmitKeys } from './submit-keys.tsx';

type PromptFormProps = { status: Status | null; onTopup: () => void };

export function PromptForm({ status, onTopup }: PromptFormProps) {
  const [request, setRequest] = useState(emptyRequest);
  const utils = hourly.useUtils();
  const generate = hourly.hourlyUsage.generate.useMutation();
  const action = useAction(generate.mutateAsync);
  const reasonId = useId();
  const closed = whyNotNow(status);
  const read = readRequest(request);
  const ask = async () => {
    if (!read.input || closed) return;
    const sessionId = status?.session?.id;
    // Pictures arrive in the gallery; the form is free for the next request at once.
    const made = await action.run({
      ...read.input,
      waitSeconds: 0,
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    if (made) await utils.hourlyUsage.generations.invalidate();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    void ask();
  };
  return (
    <form
      className="mt-4"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <div className="rounded-xl border border-line-strong bg-surface transition-colors focus-within:border-ink-faint">
        <textarea
          aria-label="Prompt"
          aria-describedby={reasonId}
          rows={3}
          maxLength={4000}
          value={request.prompt}
          placeholder="A lighthouse in fog, seen from the water, early morning"
          data-testid="prompt"
          onKeyDown={onKeyDown}
          onChange={(event) => setRequest({ ...request, prompt: event.target.value })}
          className="block w-full resize-none bg-transparent px-4 pt-3.5 pb-2 text-base leading-relaxed outline-none placeholder:text-ink-faint sm:text-[15px]"
        />
        <div className="flex flex-wrap items-center gap-2 p-2.5 pt-1">
          <RequestOptions request={request} seedError={read.seedError} onChange={setRequest} />
          <Button
            type="submit"
            look="primary"
            pending={action.pending}
            disabled={closed !== null || read.input === null}
            data-testid="generate"
            className="ml-auto h-9 max-sm:w-full"
          >
            <Sparkles aria-hidden />
            Generate
            <SubmitKeys />
          </Button>
        </div>
      </div>
      <p id={reasonId} className="mt-2 min-h-5 text-[13px] text-ink-faint" aria-live="polite">
        {closed ?? 'No limit on pictures while the session is active.'}
      </p>
      <FailureNotice
        failure={action.failure}
        onRetry={() => void ask()}
        onTopup={onTopup}
        className="mt-3"
      />
    </form>
  );
}
