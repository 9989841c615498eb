import {
  type CSSProperties,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react';

/**
 * A part of the page that scrolls by itself, with the wheel and, while it overflows, with the keys.
 * The Tab key stops at it only while it overflows.
 */
export function Scroll(props: {
  /** Name of its content, for screen readers. */
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

/** Whether the content overflows; checked when drawn and when its size changes. */
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
