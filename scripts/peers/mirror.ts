import spawn from 'cross-spawn';

/** The mirror that this machine's own apt gets Debian from, whatever it is. */
export function debianMirror(): string {
	const fields = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Label: Debian'];
	const { status, stdout } = spawn.sync('apt-get', fields, { encoding: 'utf8' });
	const mirror = status === 0 ? stdout.split('\n')[0] : '';
	if (!mirror)
		throw new Error(
			"apt knows no Debian mirror here. The peer's chroot needs a Debian machine, after `apt-get update`.",
		);
	return mirror;
}
