/** A map that forgets what was put in first when it grows too large. */
export class BoundedMap<Key, Value> {
	private readonly entries = new Map<Key, Value>();

	constructor(private readonly capacity = 10_000) {}

	get(key: Key): Value | undefined {
		return this.entries.get(key);
	}

	set(key: Key, value: Value): void {
		this.entries.delete(key);
		this.entries.set(key, value);
		for (const oldest of this.entries.keys()) {
			if (this.entries.size <= this.capacity) return;
			this.entries.delete(oldest);
		}
	}

	has(key: Key): boolean {
		return this.entries.has(key);
	}
}
