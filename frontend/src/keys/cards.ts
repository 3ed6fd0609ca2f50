function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-card]')];
}

/** Moves the focus to the next (1) or previous (-1) card. False without cards. */
export function stepCard(step: 1 | -1): boolean {
  const all = cards();
  const at = all.findIndex((card) => card.contains(document.activeElement));
  const next = at < 0 ? all[step === 1 ? 0 : all.length - 1] : all[at + step];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
  return all.length > 0;
}

export function focusCard(name: string): void {
  const card = cards().find((each) => each.dataset.card === name);
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: 'nearest' });
}

/** Enter on a card itself (not on a button in it) opens its page. */
export function openFocusedCard(): boolean {
  const card = document.activeElement;
  if (!(card instanceof HTMLElement) || card.dataset.card === undefined) return false;
  card.querySelector('a')?.click();
  return true;
}

export function focusFilter(): boolean {
  const filter = document.querySelector<HTMLInputElement>('[data-filter]');
  filter?.focus();
  filter?.select();
  return filter !== null;
}
