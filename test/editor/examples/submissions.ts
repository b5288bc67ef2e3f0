import { type Desk, POLL_LIMIT } from './desk';

const FORM = 'filex-submit-a-filing';

/** `submit-and-alert` and `filing-deadline-watch`. Moves the sandbox's clock by a day. */
export function submissions(running: () => Desk): void {
	const decide = async (name: string, downstreamStatus: string) => {
		const { trackingId } = (await running().submission(name))!;
		await running().control(`submissions/${trackingId}`, 'PATCH', { downstreamStatus });
	};

	it('submit a file from the form once, and tell the team', async () => {
		const desk = running();
		await desk.submit(FORM, 'accept-me.zip', 'first');
		const text = await desk.hears(/^Submitted to FINRA: accept-me\.zip/);
		expect(text).toContain(`tracking ID ${(await desk.submission('accept-me.zip'))!.trackingId}`);
		await desk.submit(FORM, 'accept-me.zip', 'first');
		await desk.hears(/^Already filed with FINRA, so not sent again: .*accept-me\.zip/);
		await desk.receives(/^Subject: fileX: Already filed with FINRA[^]*accept-me\.zip/m);
		expect(await desk.arrivals('accept-me.zip')).toHaveLength(1);
	});

	it(
		'tell what FINRA decided, a rejection by e-mail too, and what it has not decided in time',
		async () => {
			const desk = running();
			const rest = ['reject-me.zip', 'forget-me.zip'];
			for (const name of rest) {
				await desk.submit(FORM, name, name);
				await desk.reached(`${name} at FINRA`, async () => (await desk.submission(name)) !== undefined);
			}
			await decide('accept-me.zip', 'ACCEPTED');
			await decide('reject-me.zip', 'REJECTED');
			await desk.control('clock', 'POST', { advanceSeconds: 25 * 3600 });
			await desk.hears(/^FINRA ACCEPTED accept-me\.zip/);
			await desk.hears(/^FINRA says REJECTED to reject-me\.zip/);
			await desk.receives(/^Subject: FINRA REJECTED: reject-me\.zip/m);
			await desk.hears(/^No decision by FINRA since .*: forget-me\.zip, Received by FINRA/);
			const mail = await desk.receives(/^Subject: FINRA has not decided: forget-me\.zip/m);
			expect(mail).toContain(`tracking ID ${(await desk.submission('forget-me.zip'))!.trackingId}`);
			// Each once, and nothing else about these files.
			expect(desk.told(/-me\.zip/).map(opening).sort()).toEqual([
				'Already filed with FINRA, so not sent again',
				'FINRA ACCEPTED accept-me.zip',
				'FINRA says REJECTED to reject-me.zip',
				'No decision by FINRA',
				'Submitted to FINRA',
				'Submitted to FINRA',
				'Submitted to FINRA',
			]);
			expect(desk.mailed(/-me\.zip/)).toHaveLength(3);
		},
		2 * POLL_LIMIT,
	);
}

/** What a message begins with, without what differs from run to run. */
function opening(text: string): string {
	return text.split(/:| \(| since /)[0]!;
}
