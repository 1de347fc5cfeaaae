import pg from 'pg';

// A worker as bare as can be, to be killed: passes, four accounts each, until nothing is due.
const client = new pg.Client({
  connectionString: process.env.DATABASE_URL,
  options: '-c role=hourly_worker',
});
await client.connect();
for (let accounts = 4; accounts === 4; ) {
  const { rows } = await client.query('select settle_hourly_sessions(4) as pass');
  accounts = rows[0].pass.accounts;
}
await client.end();
