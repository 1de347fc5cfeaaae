'use client';

import { hourly } from '@hourly/sdk/react';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../hooks/use-action.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { KeySecret } from './key-secret.tsx';

/** Makes a key and shows it the only time that it can be shown. */
export function CreateKeyDialog() {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [secret, setSecret] = useState<string | null>(null);
  const create = hourly.hourlyUsage.keys.create.useMutation();
  const action = useAction(create.mutateAsync);
  const make = async () => {
    const made = await action.run({ name: name.trim() });
    if (made) setSecret(made.secret);
  };
  const change = (next: boolean) => {
    setOpen(next);
    setSecret(null);
    setName('');
    action.clear();
  };
  return (
    <Dialog open={open} onOpenChange={change}>
      <DialogTrigger asChild>
        <Button look="primary" data-testid="create-key">
          <Plus aria-hidden />
          Create key
        </Button>
      </DialogTrigger>
      {secret === null ? (
        <DialogContent title="Create an API key" description="Name it after where it will be used.">
          <form
            className="grid gap-5"
            onSubmit={(event) => {
              event.preventDefault();
              void make();
            }}
          >
            <Field label="Name">
              {(control) => (
                <Input
                  {...control}
                  value={name}
                  maxLength={80}
                  autoComplete="off"
                  placeholder="Production server"
                  data-testid="key-name"
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <FailureNotice failure={action.failure} onRetry={() => void make()} />
            <Button
              type="submit"
              look="primary"
              pending={action.pending}
              disabled={name.trim() === ''}
              data-testid="confirm-create-key"
            >
              Create key
            </Button>
          </form>
        </DialogContent>
      ) : (
        <DialogContent
          title="Copy the key now"
          description="It is shown this once. We keep only a fingerprint of it."
        >
          <KeySecret secret={secret} onDone={() => change(false)} />
        </DialogContent>
      )}
    </Dialog>
  );
}
