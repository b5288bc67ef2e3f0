import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { axiosHttp, LONGEST_TEXT_ANSWER } from '../../../filex';

it('an answer without an end is broken off', async () => {
	const piece = Buffer.alloc(2 ** 20, 'x');
	let sent = 0;
	const server = createServer((_, response) => {
		const more = () => {
			do sent += piece.length;
			while (!response.destroyed && response.write(piece));
		};
		response.on('drain', more);
		more();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/0001`;
	await expect(axiosHttp.text({ method: 'GET', url })).rejects.toMatchObject({ kind: 'unexpected-answer', isForeign: true, retrySafe: true, message: expect.stringContaining('longer than 128 MiB') });
	expect(sent).toBeLessThan(LONGEST_TEXT_ANSWER + 64 * piece.length);
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});
