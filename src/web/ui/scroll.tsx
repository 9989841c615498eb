import type { CSSProperties, ReactNode } from 'react';

/** A part of the page that scrolls by itself, with the wheel and with the keys. */
export function Scroll(props: {
  /** What stands in it; said to whoever comes there by key. */
  readonly label: string;
  readonly className?: string | undefined;
  readonly style?: CSSProperties;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={props.label}
      className={props.className}
      style={props.style}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it no key scrolls what overflows here.
      tabIndex={0}
    >
      {props.children}
    </section>
  );
}
