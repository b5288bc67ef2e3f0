/** Sets `Date.now` forward, until jest restores its mocks. @param ms to go forward */
export function later(ms: number): void {
	const now = Date.now;
	jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}
