'use client';

import { type RefObject, useEffect, useRef } from 'react';

/**
 * For what is to be done next: takes the keyboard's focus, whenever `moment` changes, if whatever had it before is gone
 * (Razorpay's window, a button that was busy or of another state). Never takes it from anything else.
 */
export function useRegainedFocus<E extends HTMLElement>(moment: string): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    const { activeElement } = document;
    const isLost = activeElement === null || activeElement === document.body;
    if (isLost || activeElement.getAttribute('role') === 'dialog')
      element.current?.focus({ preventScroll: true });
  }, [moment]);
  return element;
}
