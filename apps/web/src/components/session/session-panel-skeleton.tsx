import { Skeleton } from '../ui/skeleton.tsx';

export function SessionPanelSkeleton() {
  return (
    <div role="status" aria-label="Loading the session" className="flex flex-1 flex-col">
      <Skeleton className="h-6 w-20 rounded-full" />
      <Skeleton className="mt-7 h-16 w-64 sm:h-20 sm:w-80" />
      <Skeleton className="mt-4 h-5 w-56" />
      <Skeleton className="mt-10 h-9 w-full" />
      <div className="mt-8 flex gap-8">
        <Skeleton className="h-11 w-20" />
        <Skeleton className="h-11 w-20" />
        <Skeleton className="h-11 w-20" />
      </div>
      <Skeleton className="mt-auto h-12 w-44 rounded-lg" />
    </div>
  );
}
