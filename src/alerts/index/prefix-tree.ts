interface Node<T> {
  readonly next: Map<string, Node<T>>;
  readonly items: Set<T>;
}

/** Items by a text with which a value has to begin. */
export class PrefixTree<T> {
  readonly #root: Node<T> = { next: new Map(), items: new Set() };

  add(prefix: string, item: T): void {
    let node = this.#root;
    for (let i = 0; i < prefix.length; i++) {
      let next = node.next.get(prefix[i]!);
      if (!next) {
        next = { next: new Map(), items: new Set() };
        node.next.set(prefix[i]!, next);
      }
      node = next;
    }
    node.items.add(item);
  }

  remove(prefix: string, item: T): void {
    const path: Node<T>[] = [this.#root];
    for (let i = 0; i < prefix.length; i++) {
      const next = path.at(-1)!.next.get(prefix[i]!);
      if (!next) return;
      path.push(next);
    }
    path.at(-1)!.items.delete(item);
    for (let i = prefix.length; i > 0; i--) {
      if (path[i]!.items.size > 0 || path[i]!.next.size > 0) return;
      path[i - 1]!.next.delete(prefix[i - 1]!);
    }
  }

  /** Every item whose prefix the value begins with. */
  under(value: string): T[] {
    const found = [...this.#root.items];
    let node: Node<T> | undefined = this.#root;
    for (let i = 0; i < value.length; i++) {
      node = node.next.get(value[i]!);
      if (!node) break;
      for (const item of node.items) found.push(item);
    }
    return found;
  }

  get isEmpty(): boolean {
    return this.#root.items.size === 0 && this.#root.next.size === 0;
  }
}
