import { explainSession } from '@hourly/contract/explain';
import { type List, listOf } from '../list.ts';
import type { CallOptions, MutationOptions } from '../options.ts';
import { pathSegment, type Transport } from '../transport.ts';
import type {
  EndInput,
  Page,
  PageInput,
  Session,
  SessionDetail,
  StartInput,
  Status,
  ToggleInput,
} from '../types.ts';

/** Which session; the open one unless named. */
export interface OfSession {
  sessionId?: string | undefined;
}

/** Billable time. An account has at most one session that is not ended. */
export class Sessions {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Starts a session and charges its first hour at once.
   * @throws {InsufficientBalanceError} and reasons SESSION_ALREADY_OPEN, ACCOUNT_FROZEN
   */
  async start(input: StartInput = {}, options?: MutationOptions): Promise<Session> {
    return this.#transport.post('/start', input, options);
  }

  /** A session with its segments and charges: why each hour was charged. */
  async get(id: string, options?: CallOptions): Promise<SessionDetail> {
    return this.#transport.get(`/sessions/${pathSegment(id)}`, {}, options);
  }

  /**
   * Why each hour of a session was charged, as text to read: when and why it was due, which active time it pays for, what
   * it did to the balance. For programs, {@link get} has the same as data.
   */
  async explain(id: string, options?: CallOptions): Promise<string> {
    return explainSession(await this.get(id, options));
  }

  /** All sessions, newest first. */
  list(input: PageInput = {}, options?: CallOptions): List<Session> {
    return listOf(input.cursor, (cursor) =>
      this.#transport.get<Page<Session>>('/sessions', { ...input, cursor }, options),
    );
  }

  /** The open session, active or paused; null when none is open. */
  async current(options?: CallOptions): Promise<Session | null> {
    return (await this.#transport.get<Status>('/end', {}, options)).session;
  }

  /**
   * Pauses or resumes, whichever `to` says. It has to be said: a session may have paused itself since you last looked,
   * and the opposite of that costs money.
   * @throws reasons NO_OPEN_SESSION, SESSION_ENDED, and on resuming those of {@link start}
   */
  async toggle(
    input: ToggleInput & { to: 'active' | 'paused' },
    options?: MutationOptions,
  ): Promise<Session> {
    return this.#transport.post('/toggle', input, options);
  }

  /** Stops the clock; what is left of the paid hour is kept for the resume. */
  async pause(input: OfSession = {}, options?: MutationOptions): Promise<Session> {
    return this.toggle({ ...input, to: 'paused' }, options);
  }

  /** Goes on inside the hour already paid, or charges the next one at once. */
  async resume(input: OfSession = {}, options?: MutationOptions): Promise<Session> {
    return this.toggle({ ...input, to: 'active' }, options);
  }

  /** Ends the session and returns its final account. */
  async end(input: EndInput = {}, options?: MutationOptions): Promise<Session> {
    return this.#transport.post('/end', input, options);
  }
}
