// Loaded into every child with --import. A supervisor that is killed with -9 can't stop anybody;
// its children notice within half a second that they belong to someone else now, and leave.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, 500).unref();
