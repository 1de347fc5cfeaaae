/* Stand-in for https://checkout.razorpay.com/v1/checkout.js: the same `window.Razorpay`, a small
   payment window of its own, and no money. Runs as a classic script on the merchant's page. */
(() => {
  const origin = new URL(document.currentScript.src).origin;
  const REQUEST_TIMEOUT_MS = 15_000;
  const METHODS = [
    ['upi', 'UPI'],
    ['card', 'Card'],
    ['netbanking', 'Netbanking'],
  ];

  const STYLE = `
dialog.rzps { all: revert; position: fixed; inset: 0; margin: auto; padding: 0; border: 0; box-sizing: border-box;
  width: min(23.5rem, calc(100vw - 2rem)); max-height: calc(100dvh - 2rem); overflow: auto; border-radius: 20px;
  pointer-events: auto; font: 400 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
  color: var(--ink); background: var(--paper); color-scheme: light dark; text-align: left;
  box-shadow: 0 0 0 1px var(--line), 0 24px 64px -12px rgb(0 0 0 / .45);
  --ink: #14171f; --soft: #5a6172; --paper: #fff; --tint: #f4f5f8; --line: #e3e6ec; --bad: #b3261e; --bad-tint: #fdecea;
  --note: #6a4a00; --note-tint: #fff4d6; --ring: #1c5bd9; animation: rzps-in .22s cubic-bezier(.2,.9,.3,1.1); }
dialog.rzps::backdrop { background: rgb(10 12 20 / .55); backdrop-filter: blur(3px); animation: rzps-fade .2s; }
.rzps *, .rzps *::before { all: revert; box-sizing: border-box; margin: 0; font: inherit; color: inherit; letter-spacing: normal; }
.rzps [hidden] { display: none; }
.rzps .rzps-note { display: flex; gap: 8px; align-items: center; justify-content: center; padding: 8px 16px;
  font-size: 13px; font-weight: 600; color: var(--note); background: var(--note-tint); }
.rzps .rzps-head { display: flex; gap: 12px; align-items: center; padding: 20px 20px 0; }
.rzps .rzps-mark { flex: none; display: grid; place-items: center; width: 42px; height: 42px; border-radius: 12px;
  font-size: 19px; font-weight: 700; color: var(--on-accent); background: var(--accent); }
.rzps .rzps-who { flex: 1; min-width: 0; }
.rzps h2 { font-size: 17px; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
.rzps .rzps-what { color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.rzps .rzps-close { flex: none; align-self: flex-start; display: grid; place-items: center; width: 36px; height: 36px;
  margin: -6px -8px 0 0; padding: 0; border: 0; border-radius: 10px; background: none; color: var(--soft); cursor: pointer; }
.rzps .rzps-close:hover { background: var(--tint); color: var(--ink); }
.rzps .rzps-sum { padding: 18px 20px 0; }
.rzps .rzps-amount { display: block; font-size: 36px; font-weight: 700; line-height: 1.15; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; }
.rzps .rzps-payer { color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.rzps fieldset { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; margin: 18px 20px 0; padding: 4px; border: 0;
  border-radius: 12px; background: var(--tint); }
.rzps legend { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.rzps label { position: relative; cursor: pointer; }
.rzps label input { position: absolute; inset: 0; opacity: 0; cursor: pointer; }
.rzps label span { display: block; padding: 7px 4px; border-radius: 9px; text-align: center; font-size: 14px; color: var(--soft); }
.rzps label input:checked + span { color: var(--ink); font-weight: 600; background: var(--paper); box-shadow: 0 1px 3px rgb(0 0 0 / .16); }
.rzps .rzps-bad { margin: 14px 20px 0; padding: 10px 14px; border-radius: 12px; font-size: 14px; color: var(--bad); background: var(--bad-tint); }
.rzps .rzps-do { display: grid; gap: 8px; padding: 18px 20px 20px; }
.rzps .rzps-do button { min-height: 48px; padding: 10px 16px; border: 0; border-radius: 12px; font-size: 16px; font-weight: 600; cursor: pointer; }
.rzps .rzps-pay { color: var(--on-accent); background: var(--accent); }
.rzps .rzps-pay:hover { filter: brightness(1.08); }
.rzps .rzps-do .rzps-fail { min-height: 42px; font-size: 14.5px; font-weight: 500; color: var(--bad); background: none; }
.rzps .rzps-do .rzps-fail:hover { background: var(--bad-tint); }
.rzps button[aria-disabled='true'] { opacity: .6; cursor: progress; }
.rzps button:focus-visible, .rzps label input:focus-visible + span { outline: 2.5px solid var(--ring); outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  dialog.rzps { --ink: #f1f3f8; --soft: #a3abbd; --paper: #1a1d26; --tint: #272b37; --line: #353a49; --bad: #ffb4ab; --bad-tint: #46201d;
    --note: #ffdf94; --note-tint: #3d3012; --ring: #9dc0ff; }
  .rzps label input:checked + span { background: #3a4050; }
}
@keyframes rzps-in { from { opacity: 0; transform: translateY(12px) scale(.98); } }
@keyframes rzps-fade { from { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { dialog.rzps, dialog.rzps::backdrop { animation: none; } }
`;

  /** Text goes in as text: nothing of the merchant's becomes markup. */
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };

  const formatAmount = (subunits, currency) => {
    const digits = subunits % 100 === 0 ? 0 : 2;
    const style = {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    };
    return new Intl.NumberFormat(currency === 'INR' ? 'en-IN' : 'en', style).format(subunits / 100);
  };

  /** The merchant's colour if it is a plain hex one, with black or white text, whichever reads better. */
  const accentOf = (theme) => {
    const hex = /^#([0-9a-f]{6})$/i.exec(theme?.color ?? '')?.[1] ?? '2f5bea';
    const channels = [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255);
    const [r, g, b] = channels.map((c) =>
      c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
    );
    const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return { accent: `#${hex}`, onAccent: luminance > 0.18 ? '#101218' : '#ffffff' };
  };

  let sheet = null;
  const installStyle = () => {
    if (sheet) return;
    // A constructed sheet works under a Content-Security-Policy that forbids inline styles.
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };

  const call = async (path, init) => {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const response = await fetch(`${origin}${path}`, { credentials: 'omit', signal, ...init });
    return response.json();
  };

  class Razorpay {
    #options;
    #listeners = new Map();
    #window = null;
    #failures = 0;

    constructor(options) {
      if (!options?.key) throw new Error('`key` is a required option of Razorpay checkout');
      this.#options = options;
    }

    on(event, listener) {
      this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
      return this;
    }

    open() {
      if (this.#window) return this;
      installStyle();
      this.#window = this.#draw();
      document.body.append(this.#window.dialog);
      addEventListener('keydown', this.#onKey, { capture: true });
      this.#window.dialog.showModal();
      this.#window.pay.focus();
      void this.#load();
      return this;
    }

    close() {
      if (!this.#window) return;
      removeEventListener('keydown', this.#onKey, { capture: true });
      this.#window.dialog.close();
      this.#window.dialog.remove();
      this.#window = null;
    }

    #emit(event, detail) {
      for (const listener of this.#listeners.get(event) ?? []) listener(detail);
    }

    #dismiss() {
      this.close();
      this.#options.modal?.ondismiss?.();
    }

    // Before the page's own handlers: a dialog of the page must not close along with this window.
    #onKey = (event) => {
      if (event.key === 'Tab') this.#keepFocus(event);
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.#options.modal?.escape !== false) this.#dismiss();
    };

    // A modal dialog lets Tab wander off into the browser's own bars: go round instead.
    #keepFocus(event) {
      const { dialog } = this.#window;
      const stops = [...dialog.querySelectorAll('button, input:checked')];
      const from = event.shiftKey ? stops[0] : stops.at(-1);
      const to = event.shiftKey ? stops.at(-1) : stops[0];
      if (document.activeElement !== from && dialog.contains(document.activeElement)) return;
      event.preventDefault();
      to.focus();
    }

    #draw() {
      const o = this.#options;
      const name = o.name || 'Merchant';
      const close = element('button', {
        type: 'button',
        class: 'rzps-close',
        'aria-label': 'Close',
        'data-testid': 'rzp-close',
      });
      close.innerHTML =
        '<svg width="18" height="18" viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d="M4 4l10 10M14 4L4 14"/></svg>';
      const amount = element('strong', { class: 'rzps-amount' });
      const pay = element('button', {
        type: 'button',
        class: 'rzps-pay',
        'data-testid': 'rzp-pay',
      });
      const fail = element(
        'button',
        { type: 'button', class: 'rzps-fail', 'data-testid': 'rzp-fail' },
        'Fail this payment',
      );
      const bad = element('p', { class: 'rzps-bad', role: 'alert', hidden: '' });
      const methods = element('fieldset', {}, element('legend', {}, 'Payment method'));
      for (const [value, label] of METHODS) {
        const radio = element('input', { type: 'radio', name: 'rzps-method', value });
        radio.checked = value === 'upi';
        methods.append(element('label', {}, radio, element('span', {}, label)));
      }
      const payer = [o.prefill?.email, o.prefill?.contact].filter(Boolean).join(' · ');
      const dialog = element(
        'dialog',
        {
          class: 'rzps',
          role: 'dialog',
          'aria-modal': 'true',
          'aria-labelledby': 'rzps-name',
          'aria-describedby': 'rzps-note',
          'data-testid': 'rzp-standin',
        },
        element(
          'p',
          { class: 'rzps-note', id: 'rzps-note' },
          'Test payment window — no money moves',
        ),
        element(
          'div',
          { class: 'rzps-head' },
          element(
            'span',
            { class: 'rzps-mark', 'aria-hidden': 'true' },
            name.trim().charAt(0).toUpperCase(),
          ),
          element(
            'div',
            { class: 'rzps-who' },
            element('h2', { id: 'rzps-name' }, name),
            element('p', { class: 'rzps-what' }, o.description ?? ''),
          ),
          close,
        ),
        element(
          'div',
          { class: 'rzps-sum' },
          amount,
          element('p', { class: 'rzps-payer' }, payer ? `Paying as ${payer}` : ''),
        ),
        methods,
        bad,
        element('div', { class: 'rzps-do' }, pay, fail),
      );
      const { accent, onAccent } = accentOf(o.theme);
      dialog.style.setProperty('--accent', accent);
      dialog.style.setProperty('--on-accent', onAccent);
      close.addEventListener('click', () => this.#dismiss());
      pay.addEventListener('click', () => this.#attempt('success'));
      fail.addEventListener('click', () => this.#attempt('failure'));
      dialog.addEventListener('cancel', (event) => event.preventDefault());
      dialog.addEventListener('click', (event) => {
        if (event.target === dialog && o.modal?.backdropclose === true && !this.#isInside(event))
          this.#dismiss();
      });
      // The page's "click outside" and focus handlers take this window for outside.
      for (const type of ['pointerdown', 'mousedown', 'touchstart', 'focusin']) {
        dialog.addEventListener(type, (event) => event.stopPropagation());
      }
      const drawn = { dialog, amount, pay, fail, bad, methods };
      this.#showAmount(drawn, Number(o.amount), o.currency || 'INR');
      return drawn;
    }

    #isInside(event) {
      const box = this.#window.dialog.getBoundingClientRect();
      return (
        event.clientX >= box.left &&
        event.clientX <= box.right &&
        event.clientY >= box.top &&
        event.clientY <= box.bottom
      );
    }

    #showAmount(drawn, subunits, currency) {
      const text = Number.isFinite(subunits) ? formatAmount(subunits, currency) : '';
      drawn.amount.textContent = text;
      drawn.pay.textContent = `Pay ${text}`.trim();
    }

    #complain(text) {
      if (!this.#window) return;
      this.#window.bad.textContent = text;
      this.#window.bad.hidden = false;
    }

    #setBusy(isBusy) {
      if (!this.#window) return;
      const { dialog, pay, fail } = this.#window;
      dialog.setAttribute('aria-busy', String(isBusy));
      // Not `disabled`: a disabled button would lose the focus.
      for (const button of [pay, fail]) button.setAttribute('aria-disabled', String(isBusy));
    }

    /** What is paid is the order's amount, whatever the page said. */
    async #load() {
      const o = this.#options;
      const drawn = this.#window;
      try {
        const order = await call(
          `/_checkout/orders/${encodeURIComponent(o.order_id ?? '')}?key=${encodeURIComponent(o.key)}`,
        );
        if (order.error) return this.#complain(order.error.description);
        if (drawn.dialog.getAttribute('aria-busy') !== 'true')
          this.#showAmount(drawn, order.amount, order.currency);
      } catch {
        this.#complain('The test payment service cannot be reached.');
      }
    }

    async #attempt(outcome) {
      const drawn = this.#window;
      if (!drawn || drawn.dialog.getAttribute('aria-busy') === 'true') return;
      const o = this.#options;
      drawn.bad.hidden = true;
      this.#setBusy(true);
      const method = drawn.methods.querySelector('input:checked')?.value;
      const body = {
        key: o.key,
        outcome,
        method,
        email: o.prefill?.email,
        contact: o.prefill?.contact,
        description: o.description,
      };
      let answer;
      try {
        answer = await call(`/_checkout/orders/${encodeURIComponent(o.order_id ?? '')}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      } catch {
        return this.#complain('The test payment service cannot be reached. Try again.');
      } finally {
        this.#setBusy(false);
      }
      // Outside the try: what the merchant's own handlers throw is theirs to see.
      if (answer.error) this.#failed(answer.error);
      else this.#succeeded(answer);
    }

    #failed(error) {
      this.#failures += 1;
      this.#complain(error.description);
      this.#emit('payment.failed', { error });
      const { retry } = this.#options;
      const isOver =
        retry === false ||
        retry?.enabled === false ||
        this.#failures > (retry?.max_count ?? Number.POSITIVE_INFINITY);
      if (isOver) this.#dismiss();
    }

    #succeeded(answer) {
      const { handler, callback_url: callbackUrl, redirect } = this.#options;
      this.close();
      if (handler && redirect !== true) return handler(answer);
      if (!callbackUrl) return;
      const form = element('form', { method: 'POST', action: callbackUrl });
      for (const [name, value] of Object.entries(answer))
        form.append(element('input', { type: 'hidden', name, value }));
      document.body.append(form);
      form.submit();
    }
  }

  window.Razorpay = Razorpay;
})();
