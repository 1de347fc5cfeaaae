// A dashboard of one's own.
import { errorOf, HourlyProvider, hourly, newIdempotencyKey } from '@hourly/sdk/react';

function Status() {
  const status = hourly.hourlyUsage.status.useQuery();
  const topups = hourly.hourlyUsage.topups.useInfiniteQuery(
    { limit: 5 },
    { getNextPageParam: (page) => page.nextCursor },
  );
  const start = hourly.hourlyUsage.start.useMutation();
  const utils = hourly.useUtils();
  if (status.error) return <p>{errorOf(status.error).message}</p>;
  return (
    <button
      type="button"
      onClick={() => {
        start.mutate({ maxHours: 2, idempotencyKey: newIdempotencyKey() });
        start.mutate();
        void utils.hourlyUsage.status.invalidate();
      }}
    >
      {status.data?.session?.status} {start.error?.data?.reason}
      {topups.data?.pages[0]?.items[0]?.amountCents}
    </button>
  );
}

export const App = () => (
  <HourlyProvider mode="test">
    <Status />
  </HourlyProvider>
);
