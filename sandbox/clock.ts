import type { Settings } from './settings';

/** The sandbox's time. Tests move it: retention, expiry and locks follow. */
export class Clock {
	constructor(private readonly settings: Settings) {}

	now(): Date {
		return new Date(Math.round(Date.now() + this.settings.get().clockOffsetSeconds * 1000));
	}
}
