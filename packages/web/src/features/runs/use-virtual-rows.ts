import { type RefObject, useLayoutEffect, useState } from 'react';

export const rowHeight = 34;
const overscan = 12;
/** The window moves in such leaps, so that most frames of a scroll draw nothing new. */
const leap = 4;

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Which rows are in view, with some around them. All are equally high, so that nothing has to be measured. */
export const useVirtualRows = (scroller: RefObject<HTMLElement | null>, count: number): Window => {
  const [{ top, height }, setView] = useState({ top: 0, height: 700 });
  useLayoutEffect(() => {
    const { current: box } = scroller;
    if (!box) return undefined;
    const look = () => {
      const next = { top: Math.floor(box.scrollTop / rowHeight / leap) * leap, height: box.clientHeight };
      setView((now) => (now.top === next.top && now.height === next.height ? now : next));
    };
    look();
    box.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => {
      box.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [scroller]);
  return { from: Math.max(0, top - overscan), to: Math.min(count, top + Math.ceil(height / rowHeight) + overscan + leap) };
};
