import { OutsideLink } from '../frame/OutsideLink';

const WEB = /^https?:\/\/\S+$/;
const MAIL = /^[^@\s]+@[^@\s]+$/;
const PHONE = /^\+?[\d\s()/-]{5,}$/;

/** How to reach somebody: what is an address or a number can be followed. */
export function Reach({ text }: { text: string }) {
  if (WEB.test(text)) return <OutsideLink to={text}>{text}</OutsideLink>;
  if (MAIL.test(text)) return <a href={`mailto:${text}`}>{text}</a>;
  if (PHONE.test(text)) return <a href={`tel:${text.replace(/[^+\d]/g, '')}`}>{text}</a>;
  return text;
}
