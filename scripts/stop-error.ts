/** Ends the command with this message alone: the reader can act on it, a stack would only hide it. */
export class StopError extends Error {
  override name = 'StopError';
}
