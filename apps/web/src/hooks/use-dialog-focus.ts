'use client';

import { type RefObject, useEffect, useRef } from 'react';

/**
 * Where the keyboard's focus goes when a dialog opens and closes that makes way for a foreign window in between: to
 * what is to be done next, and in the end back to what had it before.
 *
 * @param makesWay the dialog closes for that window, and comes back after it
 * @param fallback gets the focus in the end when what had it before is gone
 */
export function useDialogFocus(makesWay: boolean, fallback: RefObject<HTMLElement | null>) {
  const content = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);
  const makingWay = useRef(makesWay);
  useEffect(() => {
    makingWay.current = makesWay;
  }, [makesWay]);
  const onOpenAutoFocus = (event: Event) => {
    opener.current ??= document.activeElement;
    const first = content.current?.querySelector<HTMLElement>('[data-first-focus]');
    if (!first) return;
    event.preventDefault();
    first.focus();
  };
  const onCloseAutoFocus = (event: Event) => {
    event.preventDefault();
    if (makingWay.current) return;
    const before = opener.current;
    opener.current = null;
    const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
    (isThere ? before : fallback.current)?.focus();
  };
  return { ref: content, onOpenAutoFocus, onCloseAutoFocus };
}
