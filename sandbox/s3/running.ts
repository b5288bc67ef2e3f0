/** The uploads that are being put together now. A second request to complete one waits for the first and gets the same. */
export class RunningUploads {
	private readonly results = new Map<string, Promise<unknown>>();

	has(id: string): boolean {
		return this.results.has(id);
	}

	async join<T>(id: string, work: () => Promise<T>): Promise<T> {
		const known = this.results.get(id) as Promise<T> | undefined;
		if (known) return await known;
		const result = work();
		this.results.set(id, result);
		try {
			return await result;
		} finally {
			this.results.delete(id);
		}
	}
}
