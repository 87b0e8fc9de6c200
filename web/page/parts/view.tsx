import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** One view: its heading takes the focus when it is opened, so that a screen reader says where one is. */
export function View({
  title,
  lead,
  children,
}: {
  title: string;
  lead?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · campus-lake`;
    // Not on the first view: the page begins at its top.
    if (wasShown) heading.current?.focus();
    wasShown = true;
  }, [title]);
  return (
    <main id="content">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
    </main>
  );
}

let wasShown = false;
