import { Faults, InvalidFault, type Fault } from '../../../sandbox/faults';

describe('faults', () => {
	it('strike as often as asked, after as many as asked, where asked', () => {
		const faults = new Faults();
		faults.add({ where: 'rest.list', effect: 'fail', times: 2, after: 1, path: '0001/crd' });
		const strikes = (...path: string[]) => faults.strike('rest.list', path)?.effect;
		expect(strikes('0001', 'focus')).toBeUndefined();
		expect(faults.strike('sftp.list', ['0001', 'crd'])).toBeUndefined();
		expect(strikes('0001', 'crdx')).toBeUndefined();
		expect([
			strikes('0001', 'crd'),
			strikes('0001', 'crd'),
			strikes('0001', 'crd', 'reports'),
			strikes('0001', 'crd'),
		]).toEqual([undefined, 'fail', 'fail', undefined]);
		expect(faults.all()).toEqual([]);
	});

	it.each([
		[{ where: 'elsewhere' }, "'where' takes one of: fip.token"],
		[{ effect: 'cut' }, "'effect' takes one of these at fip.token: delay, fail"],
		[{ times: 0 }, "'times'"],
		[{ times: 1.5 }, "'times'"],
		[{ after: -1 }, "'after'"],
		[{ seconds: -1 }, "'seconds'"],
		[{ seconds: '1' }, "'seconds'"],
		[{ path: 7 }, "'path'"],
		[{ effect: 'page', status: 99 }, "'status'"],
		[{ effect: 'page', status: '200' }, "'status'"],
	])('refuse %j', (change, message) => {
		const fault = { where: 'fip.token', effect: 'fail', times: 1, ...change } as Fault;
		expect(() => new Faults().add(fault)).toThrow(InvalidFault);
		expect(() => new Faults().add(fault)).toThrow(message);
	});
});
