// Loaded into every child with --import. A supervisor that is killed with -9 can't stop anybody;
// its children notice within half a second that they belong to someone else now, and leave. What
// they are in the middle of may take five seconds more.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5_000).unref();
}, 500);
watch.unref();
