/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const MARKS = /[<>:"|?*\\]/;
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** Why Windows does not keep a file under this name as it is; undefined where it does. What follows a colon it would hide. */
export function windowsObstacle(name: string): string | undefined {
	const mark = MARKS.exec(name)?.[0];
	if (mark !== undefined) return `Windows keeps no file whose name has '${mark}'`;
	if (DEVICES.test(name)) return 'on Windows, this is the name of a device';
	return /[. ]$/.test(name) ? 'Windows drops a dot or a blank at the end of a name' : undefined;
}
