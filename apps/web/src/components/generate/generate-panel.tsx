'use client';

import type { Status } from '@hourly/sdk/react';
import { Card } from '../ui/card.tsx';
import { Gallery } from './gallery.tsx';
import { PromptForm } from './prompt-form.tsx';

/** Asks for pictures while a session is active, and shows all that were made. */
export function GeneratePanel({ status, onTopup }: { status: Status | null; onTopup: () => void }) {
  return (
    <Card aria-labelledby="generate-heading" className="mt-4 p-5 sm:p-8 lg:mt-6">
      <h2 id="generate-heading" className="text-lg font-semibold tracking-tight">
        Generate
      </h2>
      <PromptForm status={status} onTopup={onTopup} />
      <Gallery />
    </Card>
  );
}
