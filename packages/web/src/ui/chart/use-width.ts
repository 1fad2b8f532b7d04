import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** How wide a box is: a chart is drawn at its size, so that its words keep theirs. */
export const useWidth = (first = 640): [RefObject<HTMLDivElement | null>, number] => {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const look = () => setWidth(Math.max(200, Math.floor(current.clientWidth)));
    look();
    const observer = new ResizeObserver(look);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [box, width];
};
