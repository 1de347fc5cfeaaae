import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

export function BalancePanelSkeleton() {
  return (
    <Card aria-label="Balance" className="flex flex-col p-5 sm:p-8 lg:p-6">
      <div role="status" aria-label="Loading the balance" className="flex flex-1 flex-col">
        <Skeleton className="h-6 w-16" />
        <Skeleton className="mt-5 h-11 w-40" />
        <Skeleton className="mt-2.5 h-5 w-44" />
        <Skeleton className="mt-8 h-5 w-full" />
        <Skeleton className="mt-3 h-5 w-full" />
        <Skeleton className="mt-8 h-12 w-full" />
        <Skeleton className="mt-auto h-10 w-full rounded-lg" />
      </div>
    </Card>
  );
}
