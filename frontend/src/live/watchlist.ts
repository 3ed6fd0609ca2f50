/** Collects the names on screen and reports them once per change, not once per card. */
export class Watchlist {
  private readonly counts = new Map<string, number>();
  private readonly report: (names: string[]) => void;
  private pending = false;
  private reported = '';

  constructor(report: (names: string[]) => void) {
    this.report = report;
  }

  /** Adds a name; the returned function takes it out again. */
  add(name: string): () => void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    this.schedule();
    return () => this.remove(name);
  }

  private remove(name: string): void {
    const left = (this.counts.get(name) ?? 0) - 1;
    if (left > 0) this.counts.set(name, left);
    else this.counts.delete(name);
    this.schedule();
  }

  private schedule(): void {
    if (this.pending) return;
    this.pending = true;
    // Scrolling swaps many names at once; a short wait makes that one message.
    setTimeout(() => this.flush(), 100);
  }

  private flush(): void {
    this.pending = false;
    const names = [...this.counts.keys()].sort();
    if (names.join('\n') === this.reported) return;
    this.reported = names.join('\n');
    this.report(names);
  }
}
