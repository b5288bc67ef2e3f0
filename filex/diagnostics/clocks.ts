import { failed, type Finding, ok, skipped, warning } from './check';
import type { ClockReading, Service } from './observed';

const NAMES: Record<Service, string> = { rest: 'fileX', fip: 'FIP', s3: 'S3' };

/** A difference that is reported, in ms. */
const NOTABLE = 30_000;

/** A difference with which S3 takes no request, in ms: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const TOO_FAR = 15 * 60_000;

/** This machine's clock beside those of the services. */
export function judgeClocks(readings: ReadonlyMap<Service, ClockReading>): Finding {
	if (readings.size === 0) return skipped("No service's own answer had a date.");
	const met = [...readings]
		.map(([service, { ahead, tolerance }]) => `${NAMES[service]} ${told(ahead, tolerance)}`)
		.join(', ');
	const far = (limit: number) =>
		[...readings].filter(([, { ahead, tolerance }]) => Math.abs(ahead) - tolerance > limit);
	const advice = "If this machine's clock is wrong, set it by NTP.";
	if (far(TOO_FAR).some(([service]) => service === 's3'))
		return failed(
			`By this machine's clock: ${met}`,
			`S3 refuses requests whose signing time is off by more than 15 minutes. ${advice}`,
		);
	const off = far(NOTABLE).map(([service]) => NAMES[service]);
	if (off.length === 0) return ok(`By this machine's clock: ${met}`);
	return warning(
		`By this machine's clock: ${met}`,
		`The clock of ${off.join(' and ')} differs by more than 30 s. ${advice}`,
	);
}

function told(ahead: number, tolerance: number): string {
	if (Math.abs(ahead) <= tolerance) return `agrees within ${Math.ceil(tolerance / 1000)} s`;
	return `is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead' : 'behind'}`;
}
