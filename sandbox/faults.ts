/**
 * What may go wrong on demand, and where:
 *
 * - `sftp.list`, `rest.list`: `fail`, `empty`, `cut`
 * - `sftp.read`, `s3.get`: `cut` (in mid-file), `stall` (in mid-file), `fail`
 * - `s3.get`: `expired`, `short` (fewer bytes than announced)
 * - `fip.token`: `fail`
 */
export interface Fault {
	where: 'sftp.list' | 'rest.list' | 'sftp.read' | 's3.get' | 'fip.token';
	effect: 'fail' | 'empty' | 'cut' | 'stall' | 'expired' | 'short';
	/** How often it strikes before things work again. */
	times: number;
	/** Only there, e.g. `0001/crd/reports`; everywhere where absent. */
	path?: string;
}

/** The faults that are switched on. */
export class Faults {
	private readonly active: Fault[] = [];

	add(fault: Fault): void {
		this.active.push({ ...fault });
	}

	clear(): void {
		this.active.length = 0;
	}

	/** The effect that strikes here and now, counted down. */
	strike(where: Fault['where'], path: string[] = []): Fault['effect'] | undefined {
		const fault = this.active.find(
			(each) => each.where === where && each.times > 0 && (each.path ?? path.join('/')) === path.join('/'),
		);
		if (fault) fault.times--;
		return fault?.effect;
	}
}
