/** A page as the server pushes it. */
export interface BrowserPage {
  readonly subject: string;
  readonly body: string;
  /** The same for every try of one message: the browser shows it once. */
  readonly key: string;
}

/** Shows a page as a notification of the browser; false where the person has not allowed that. */
export function showPage({ subject, body, key }: BrowserPage): boolean {
  if (!('Notification' in window) || Notification.permission !== 'granted') return false;
  new Notification(subject, { body, tag: key, requireInteraction: true });
  return true;
}
