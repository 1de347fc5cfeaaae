import { runCli } from './run.ts';

// `hourly audit | head` closes the pipe before everything is written: the reader has what it wanted.
let isRead = true;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  isRead = false;
});

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  taken: () =>
    new Promise((resolve) => process.stdout.write('', (error) => resolve(isRead && !error))),
});
