import { type RefObject, useEffect, useRef } from 'react';

/** Keeps the newest line in view for a reader who is at the end, and lets one who has scrolled back read in peace. */
export const useStickToEnd = (content: unknown): RefObject<HTMLDivElement | null> => {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    const { current } = box;
    if (!current) return undefined;
    const look = () => {
      atEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < 40;
    };
    current.addEventListener('scroll', look, { passive: true });
    return () => current.removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [content]);
  return box;
};
