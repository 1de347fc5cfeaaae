'use client';

import { type ApiKey, hourly } from '@hourly/sdk/react';
import { toast } from 'sonner';
import { useAction } from '../../hooks/use-action.ts';
import { FailureNotice } from '../failure-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../ui/dialog.tsx';

type RevokeKeyDialogProps = { apiKey: ApiKey | null; onClose: () => void };

export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const revoke = hourly.hourlyUsage.keys.revoke.useMutation();
  const action = useAction(revoke.mutateAsync);
  const close = () => {
    action.clear();
    onClose();
  };
  const confirm = async (key: ApiKey) => {
    if (!(await action.run({ id: key.id }))) return;
    toast(`“${key.name}” is revoked`);
    close();
  };
  return (
    <Dialog open={apiKey !== null} onOpenChange={(open) => !open && close()}>
      {apiKey && (
        <DialogContent
          title={`Revoke “${apiKey.name}”?`}
          description="Whatever uses it is refused from then on. This can’t be undone."
        >
          <FailureNotice
            failure={action.failure}
            onRetry={() => void confirm(apiKey)}
            className="mb-5"
          />
          <div className="flex flex-col-reverse gap-2.5 sm:flex-row sm:justify-end">
            <DialogClose asChild>
              <Button look="quiet">Keep it</Button>
            </DialogClose>
            <Button
              look="danger"
              pending={action.pending}
              data-testid="confirm-revoke"
              onClick={() => void confirm(apiKey)}
            >
              Revoke key
            </Button>
          </div>
        </DialogContent>
      )}
    </Dialog>
  );
}
