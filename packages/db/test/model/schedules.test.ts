import { expect, test } from 'vitest';
import { runSchedules } from './driver/lanes.ts';
import { schedules } from './driver/schedule.ts';

const seed = Number(process.env.HOURLY_MODEL_SEED ?? Math.trunc(Math.random() * 2 ** 31));
const runs = Number(process.env.RUNS ?? 50);
test('random schedules', async () => {
  const t0 = performance.now();
  const path = process.env.HOURLY_MODEL_PATH;
  const report = await runSchedules({
    schedule: schedules(20),
    seed,
    lanes: path === undefined ? 4 : 1,
    runs,
    path,
  });
  const s = (performance.now() - t0) / 1000;
  console.log(report, `${report.calls / s} calls/s ${s} s`);
  expect(report.schedules).toBeGreaterThan(0);
}, 600_000);
