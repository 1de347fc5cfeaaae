import { AbortedError, TimeoutError } from '../errors.ts';
import { type List, listOf } from '../list.ts';
import { type CallOptions, type MutationOptions, timeoutMsOf } from '../options.ts';
import { type AbortSignalLike, signalWithTimeout, sleep } from '../signals.ts';
import { type Download, pathSegment, type Transport } from '../transport.ts';
import type { GenerateInput, Generation, Page, PageInput } from '../types.ts';

export interface WaitOptions {
  /** How long to wait in all; 300,000 unless given. */
  timeoutMs?: number | undefined;
  signal?: AbortSignalLike | undefined;
}

/** What the server waits for an output unless told. */
const defaultWaitSeconds = 25;
const defaultWaitTimeoutMs = 300_000;
const firstPollDelayMs = 500;
const maxPollDelayMs = 5_000;

/** What was made while sessions ran. */
export class Generations {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Makes something, in the open and active session. Waits up to `waitSeconds` for the output, then returns the
   * generation unfinished: see {@link wait}. Generations cost nothing beside the session's hours.
   * @throws reasons NO_OPEN_SESSION, SESSION_PAUSED, SESSION_ENDED, ACCOUNT_FROZEN, GENERATION_PROVIDER_ERROR
   */
  async create(input: GenerateInput, options: MutationOptions = {}): Promise<Generation> {
    const waitSeconds = input.waitSeconds ?? defaultWaitSeconds;
    return this.#transport.post('/generate', input, {
      ...options,
      timeoutMs: options.timeoutMs ?? this.#transport.timeoutMs + waitSeconds * 1000,
    });
  }

  async get(id: string, options?: CallOptions): Promise<Generation> {
    return this.#transport.get(`/generations/${pathSegment(id)}`, {}, options);
  }

  /** All generations, newest first. */
  list(input: PageInput = {}, options?: CallOptions): List<Generation> {
    return listOf(input.cursor, (cursor) =>
      this.#transport.get<Page<Generation>>('/generations', { ...input, cursor }, options),
    );
  }

  /** Cancels an unfinished generation; one that is finished is returned as it is. */
  async cancel(id: string, options?: MutationOptions): Promise<Generation> {
    return this.#transport.post(`/generations/${pathSegment(id)}/cancel`, {}, options);
  }

  /** Waits until a generation is `completed`, `failed` or `cancelled`. @throws {TimeoutError} when it takes longer */
  async wait(id: string, options: WaitOptions = {}): Promise<Generation> {
    const timeoutMs = timeoutMsOf(options.timeoutMs) ?? defaultWaitTimeoutMs;
    const limited = signalWithTimeout(options.signal, timeoutMs);
    try {
      // Ends by its limit: the signal makes both the call and the loop's sleep return.
      for (let delayMs = firstPollDelayMs; ; delayMs = Math.min(delayMs * 1.5, maxPollDelayMs)) {
        const generation = await this.get(id, { signal: limited.signal });
        if (isFinished(generation)) return generation;
        await sleep(delayMs, limited.signal);
      }
    } catch (error) {
      if (!AbortedError.is(error) || !limited.timedOut()) throw error;
      throw new TimeoutError({
        reason: 'TIMED_OUT',
        message: `Generation ${id} was not finished within ${timeoutMs} ms.`,
        retryable: true,
        cause: error,
      });
    } finally {
      limited.release();
    }
  }

  /** The bytes of one output. Its `url` needs the API key; this sends it. `index` counts from 0. */
  async download(id: string, index = 0, options?: CallOptions): Promise<Download> {
    return this.#transport.download(
      `/generations/${pathSegment(id)}/outputs/${pathSegment(String(index))}`,
      options,
    );
  }
}

const isFinished = ({ status }: Generation): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';
