import mark from './mark.svg';

/** The product's sign: a LED within an open ring. */
export function Mark({ size = 28 }: { size?: number }) {
  return <img src={mark} width={size} height={size} alt="" />;
}
