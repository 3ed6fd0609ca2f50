import { OutsideLink } from '../frame/OutsideLink';

interface AnnotationsProps {
  readonly of: Readonly<Record<string, string>>;
  /** Where there is no room for text. */
  readonly linksOnly?: boolean;
}

/** What a source or a policy adds to an alert: addresses as links by their names, anything else as text. */
export function Annotations({ of, linksOnly = false }: AnnotationsProps) {
  const shown = Object.entries(of).filter(([, value]) => !linksOnly || isAddress(value));
  return (
    <>
      {shown.map(([name, value]) => (
        <div key={name}>{isAddress(value) ? <OutsideLink to={value}>{name}</OutsideLink> : `${name}: ${value}`}</div>
      ))}
    </>
  );
}

/** Only what the web calls one: anything else, `javascript:` say, stays text. */
function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
