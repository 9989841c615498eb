import {
  type CSSProperties,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';

/**
 * A part of the page that scrolls by itself, with the wheel and, where more stands in it than is shown,
 * with the keys. It is no stop of the Tab key while all of it is shown.
 */
export function Scroll(props: {
  /** What stands in it; said to whoever comes there by key. */
  readonly label: string | undefined;
  readonly className?: string | undefined;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}) {
  const { ref, overflows } = useOverflow();
  return (
    <section
      ref={ref}
      aria-label={props.label}
      className={props.className}
      style={props.style}
      tabIndex={overflows ? 0 : undefined}
    >
      {props.children}
    </section>
  );
}

/** Whether more stands in it than is shown: looked at when it is drawn, and when it changes its size. */
function useOverflow() {
  const ref = useRef<HTMLElement>(null);
  const [overflows, setOverflows] = useState(false);
  const look = useCallback(() => {
    const { scrollHeight = 0, clientHeight = 0 } = ref.current ?? {};
    setOverflows(scrollHeight > clientHeight + 1);
  }, []);
  useEffect(look);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    if (ref.current) watch.observe(ref.current);
    return () => watch.disconnect();
  }, [look]);
  return { ref, overflows };
}
